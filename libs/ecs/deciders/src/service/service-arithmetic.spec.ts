import { describe, expect, test } from '@jest/globals';
import type { StartObstacle } from '../cluster-state.ts';
import {
  breakerThreshold,
  DEFAULT_DEPLOYMENT_CONFIGURATION,
  healthyTasksMin,
  liveTasksMax,
} from './deployment-configuration.ts';
import { startDelayMilliseconds } from './start-delay.ts';

describe('percentages', () => {
  test.each([
    [4, 50, 100, 2, 4],
    [1, 50, 150, 1, 1],
    [3, 50, 150, 2, 4],
    [3, 67, 133, 3, 3],
    [7, 100, 110, 7, 7],
    [0, 100, 200, 0, 0],
    [5_000, 33, 199, 1_650, 9_950],
  ])('%i tasks with %i/%i: at least %i healthy, at most %i live', (desiredCount, min, max, least, most) => {
    const configuration = { minimumHealthyPercent: min, maximumPercent: max };
    expect(healthyTasksMin(desiredCount, configuration)).toBe(least);
    expect(liveTasksMax(desiredCount, configuration)).toBe(most);
  });
});

describe('the threshold of the circuit breaker', () => {
  test.each([
    [0, 3],
    [1, 3],
    [6, 3],
    [7, 4],
    [25, 13],
    [400, 200],
    [800, 200],
  ])('%i tasks: %i failures', (desiredCount, threshold) => {
    const deploymentCircuitBreaker = { enable: true, rollback: false };
    expect(breakerThreshold(desiredCount, { ...DEFAULT_DEPLOYMENT_CONFIGURATION, deploymentCircuitBreaker })).toBe(
      threshold,
    );
  });

  test('is none when it is off', () => {
    expect(breakerThreshold(4, DEFAULT_DEPLOYMENT_CONFIGURATION)).toBeNull();
  });
});

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
