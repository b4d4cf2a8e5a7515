import { expect, test } from '@jest/globals';
import { parseDuration } from './duration.ts';

test.each([
  ['90s', 90_000],
  ['10m', 600_000],
  ['1h30m', 5_400_000],
  ['1.5h', 5_400_000],
  ['2d', 172_800_000],
  ['1w', 604_800_000],
  ['0s', 0],
  ['', null],
  ['10', null],
  ['m', null],
  ['-1h', null],
  ['1h 30m', null],
])('%s', (text, ms) => expect(parseDuration(text)).toBe(ms));
