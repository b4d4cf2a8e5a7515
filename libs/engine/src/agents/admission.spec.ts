import { describe, expect, test } from '@jest/globals';
import { Admission } from './admission.ts';

describe('admission', () => {
  test('runs at most so many jobs at once, the newest waiting one first', () => {
    const admission = new Admission(2);
    const started: number[] = [];
    const ends: (() => void)[] = [];
    for (let n = 1; n <= 5; n++) {
      admission.admit((done) => {
        started.push(n);
        ends.push(done);
      });
    }
    expect(started).toEqual([1, 2]);
    ends[0]?.();
    expect(started).toEqual([1, 2, 5]);
    ends[0]?.();
    expect(started).toEqual([1, 2, 5]);
    ends[1]?.();
    ends[2]?.();
    expect(started).toEqual([1, 2, 5, 4, 3]);
  });
});
