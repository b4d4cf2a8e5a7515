import { expect, test } from '@jest/globals';
import { isAtLeast } from './versions.ts';

test.each([
  ['2.9.10', false],
  ['2.10.0', true],
  ['2.10.0-RC.1', true],
  ['2.12.1', true],
  ['3.0.0', true],
  ['unknown', false],
])('%s is at least 2.10.0: %s', (version, answer) => {
  expect(isAtLeast(version, '2.10.0')).toBe(answer);
});
