import { expect, test } from '@jest/globals';
import { hoursOf, SEEDS_DEFAULT } from '../arguments.ts';
import { runSeed } from '../run-seed.ts';
import { describeViolation } from '../summary.ts';

/** Seeds of a run without arguments that live through so many hours. */
export function seedsWith(isWanted: (hours: number) => boolean): readonly number[] {
  return Array.from({ length: SEEDS_DEFAULT }, (_, index) => index + 1).filter((seed) => isWanted(hoursOf(seed)));
}

/** A test per seed: every invariant holds. */
export function testSeeds(seeds: readonly number[], timeoutMs: number): void {
  test.each(seeds)(
    'every invariant holds: seed %i',
    (seed) => {
      const hours = hoursOf(seed);
      expect(describeViolation(runSeed({ seed, hours }), hours)).toBe('');
    },
    timeoutMs,
  );
}
