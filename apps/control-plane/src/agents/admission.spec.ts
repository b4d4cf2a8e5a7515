import { describe, expect, test } from '@jest/globals';
import { Admission } from './admission.ts';

describe('admission', () => {
  test('runs at most so many jobs at once, the newest waiting one first', async () => {
    const admission = new Admission(2);
    const started: number[] = [];
    const ends: (() => void)[] = [];
    const job = (n: number) => () => {
      started.push(n);
      return new Promise<void>((resolve) => ends.push(resolve));
    };
    for (let n = 1; n <= 5; n++) admission.admit(job(n));
    expect(started).toEqual([1, 2]);
    ends[0]?.();
    await new Promise((resolve) => setImmediate(resolve));
    expect(started).toEqual([1, 2, 5]);
    ends[1]?.();
    ends[2]?.();
    await new Promise((resolve) => setImmediate(resolve));
    expect(started).toEqual([1, 2, 5, 4, 3]);
  });
});
