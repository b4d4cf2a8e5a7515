import { expect, test } from '@jest/globals';
import { engineDiskProblem } from './engine-disk.ts';

const GIB = 1024 ** 3;

test.each([
  ['enough', 5, 100, undefined],
  [
    'too little of a large disk',
    4.9,
    100,
    'the container engine has 4.9 GiB (4 %) left for images at /data: pulls will fail',
  ],
  ['enough of a small disk', 1, 4, undefined],
  ['too little at all', 0.9, 4, 'the container engine has 0.9 GiB (22 %) left for images at /data: pulls will fail'],
])('%s', (_name, freeGib, totalGib, problem) => {
  const disk = { dataRoot: '/data', freeBytes: freeGib * GIB, totalBytes: totalGib * GIB };
  expect(engineDiskProblem(disk)).toBe(problem);
});
