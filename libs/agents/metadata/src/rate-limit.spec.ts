import { expect, test } from '@jest/globals';
import { RateLimit } from './rate-limit.ts';

/** How many of so many requests at one moment are served. */
const servedOf = (limit: RateLimit, requests: number, now: number): number =>
  Array.from({ length: requests }, () => limit.take(now)).filter(Boolean).length;

test('60 at once, then 40 per second, and never more than 60 saved up', () => {
  const limit = new RateLimit(0);
  expect(servedOf(limit, 100, 0)).toBe(60);
  expect(servedOf(limit, 100, 500)).toBe(20);
  expect(servedOf(limit, 100, 1500)).toBe(40);
  expect(servedOf(limit, 100, 3_600_000)).toBe(60);
});
