import { describe, expect, test } from '@jest/globals';
import { FARGATE_OPEN_FILES, openFilesWithin } from './open-files.ts';

const limits = (hard: string): string =>
  [
    'Limit                     Soft Limit           Hard Limit           Units',
    `Max open files            1024                 ${hard.padEnd(20)} files`,
    'Max locked memory         8388608              8388608              bytes',
  ].join('\n');

describe('open files of a Fargate container', () => {
  test.each([
    ['as many as Fargate gives', limits('1048576'), FARGATE_OPEN_FILES],
    ['no more than the machine does', limits('20000'), 20_000],
    ['without a limit', limits('unlimited'), FARGATE_OPEN_FILES],
    ['where limits are not known', '', FARGATE_OPEN_FILES],
  ])('%s', (_, text, expected) => {
    expect(openFilesWithin(text)).toBe(expected);
  });
});
