import { describe, expect, test } from '@jest/globals';
import { CliProblem } from '../shell/cli-problem.ts';
import { momentText, parseMoment, zoneText } from './moment.ts';

/** 2026-03-10 14:05:00.000 local time, wherever the test runs. */
const NOW = new Date(2026, 2, 10, 14, 5).getTime();
const local = (...parts: [number, number, number, number?, number?, number?, number?]): number =>
  new Date(parts[0], parts[1] - 1, ...(parts.slice(2) as [number])).getTime();

describe('parseMoment', () => {
  test.each([
    ['now', NOW],
    ['10m', NOW - 600_000],
    ['-10m', NOW - 600_000],
    ['90s', NOW - 90_000],
    ['1h30m', NOW - 5_400_000],
    ['1.5h', NOW - 5_400_000],
    ['2d', NOW - 172_800_000],
    ['1w', NOW - 604_800_000],
  ])('%s ago', (text, expected) => {
    expect(parseMoment(text, NOW)).toBe(expected);
  });

  test.each([
    ['14:03', local(2026, 3, 10, 14, 3)],
    ['14:05', NOW],
    ['9:30', local(2026, 3, 10, 9, 30)],
    ['14:03:07', local(2026, 3, 10, 14, 3, 7)],
    ['14:03:07.25', local(2026, 3, 10, 14, 3, 7, 250)],
    ['14:06', local(2026, 3, 9, 14, 6)],
    ['23:59', local(2026, 3, 9, 23, 59)],
  ])('%s is the last time that it was', (text, expected) => {
    expect(parseMoment(text, NOW)).toBe(expected);
  });

  test.each([
    ['2026-03-10', local(2026, 3, 10)],
    ['2026-03-10T14:03', local(2026, 3, 10, 14, 3)],
    ['2026-03-10 14:03:05.123', local(2026, 3, 10, 14, 3, 5, 123)],
    ['2026-03-10T14:03:00Z', Date.UTC(2026, 2, 10, 14, 3)],
    ['2026-03-10T14:03:00.500+02:00', Date.UTC(2026, 2, 10, 12, 3, 0, 500)],
  ])('%s is ISO 8601', (text, expected) => {
    expect(parseMoment(text, NOW)).toBe(expected);
  });

  test.each(['', 'yesterday', '25:00', '14:60', '2026-13-40', '2026-02-31T25:00', '-5', '10', '10x', 'm', '1h30'])(
    '"%s" is refused with the forms',
    (text) => {
      expect(() => parseMoment(text, NOW)).toThrow(CliProblem);
      expect(() => parseMoment(text, NOW)).toThrow(/14:03/);
    },
  );

  test('reads what momentText writes, which names its zone', () => {
    expect(momentText(NOW + 123)).toMatch(/^2026-03-10 14:05:00\.123(Z|[+-]\d{2}:\d{2})$/);
    expect(parseMoment(momentText(NOW + 123), NOW)).toBe(NOW + 123);
  });

  test.each([
    [0, 'Z'],
    [60, '+01:00'],
    [-150, '-02:30'],
  ])('a zone %i minutes ahead of UTC', (minutes, expected) => {
    expect(zoneText(minutes)).toBe(expected);
  });
});
