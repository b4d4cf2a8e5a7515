import { expect, test } from '@jest/globals';
import { HOURS_DEFAULT, hoursOf, SEEDS_DEFAULT } from './arguments.ts';
import { runSeed } from './run-seed.ts';
import { tellViolation } from './tell.ts';

/** A day takes half a minute of an idle machine. */
const DAY_TIMEOUT_MS = 240_000;

const seeds = Array.from({ length: SEEDS_DEFAULT }, (_, index) => index + 1).filter(
  (seed) => hoursOf(seed) !== HOURS_DEFAULT,
);

test.each(seeds)(
  'every invariant holds for a day: seed %i',
  (seed) => {
    const result = runSeed({ seed, hours: hoursOf(seed) });
    expect(tellViolation(result, hoursOf(seed))).toBe('');
  },
  DAY_TIMEOUT_MS,
);
