import { describe, expect, test } from '@jest/globals';
import type { StartObstacle } from '#libs/ecs/messages';
import { startDelayMilliseconds } from './start-delay.ts';

describe('start delays', () => {
  test.each<[StartObstacle, number]>([
    ['START_FAILED', 27 * 60_000],
    ['EXITED_EARLY', 10_000],
    ['NO_ROOM', 300_000],
  ])('%s: doubles from a second up to %i ms', (obstacle, longest) => {
    const delays = Array.from({ length: 40 }, (_, before) => startDelayMilliseconds(obstacle, before));
    expect(delays.slice(0, 3)).toEqual([1_000, 2_000, 4_000]);
    expect(delays).toEqual([...delays].sort((a, b) => a - b));
    expect(delays.at(-1)).toBe(longest);
  });
});
