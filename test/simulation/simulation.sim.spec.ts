import { describe, expect, test } from '@jest/globals';
import { HOURS_DEFAULT, hoursOf, SEEDS_DEFAULT } from './arguments.ts';
import { runSeed } from './run-seed.ts';
import { tellViolation } from './tell.ts';

/** Virtual seconds are cheap, and a machine under load is slow. */
const SEED_TIMEOUT_MS = 60_000;

const seeds = Array.from({ length: SEEDS_DEFAULT }, (_, index) => index + 1).filter(
  (seed) => hoursOf(seed) === HOURS_DEFAULT,
);

describe('every invariant holds', () => {
  test.each(seeds)(
    'seed %i',
    (seed) => {
      const result = runSeed({ seed, hours: HOURS_DEFAULT });
      expect(tellViolation(result, HOURS_DEFAULT)).toBe('');
    },
    SEED_TIMEOUT_MS,
  );
});

test(
  'the same seed gives the same trace (S24)',
  () => {
    const [first, second] = [1, 2].map(() => runSeed({ seed: 7, hours: HOURS_DEFAULT }));
    expect(second).toEqual(first);
    expect(runSeed({ seed: 8, hours: HOURS_DEFAULT }).traceHash).not.toBe(first?.traceHash);
  },
  SEED_TIMEOUT_MS,
);
