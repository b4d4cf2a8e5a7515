import { describe, expect, test } from '@jest/globals';
import { RAN_WELL_MS, restartDelayMs } from './restart-delay.ts';

describe('restartDelayMs', () => {
  test('doubles from 100 ms to 5 s while lives are short', () => {
    const delays: number[] = [];
    for (let delay = restartDelayMs(0, 10); delays.length < 8; delay = restartDelayMs(delay, 10)) delays.push(delay);
    expect(delays).toEqual([100, 200, 400, 800, 1600, 3200, 5000, 5000]);
  });

  test('begins anew after a life that went well', () => {
    expect(restartDelayMs(5_000, RAN_WELL_MS)).toBe(100);
  });
});
