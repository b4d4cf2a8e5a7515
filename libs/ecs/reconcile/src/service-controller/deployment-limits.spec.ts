import { describe, expect, test } from '@jest/globals';
import { liveTasksMax } from '#libs/ecs/deciders';
import { breakerThreshold, healthyTasksMin } from './deployment-limits.ts';

const BOTH = { minimumHealthyPercent: 100, maximumPercent: 200 };

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
    expect(breakerThreshold(desiredCount, { ...BOTH, deploymentCircuitBreaker })).toBe(threshold);
  });

  test('is none when it is off', () => {
    expect(breakerThreshold(4, { ...BOTH, deploymentCircuitBreaker: { enable: false, rollback: false } })).toBeNull();
  });
});
