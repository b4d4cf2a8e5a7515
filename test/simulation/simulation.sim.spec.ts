import { expect, test } from '@jest/globals';
import { HOURS_DEFAULT } from './arguments.ts';
import { runSeed } from './run-seed.ts';
import { seedsWith, testSeeds } from './spec/seeds-hold.ts';

/** Virtual seconds are cheap, and a machine under load is slow. */
const SEED_TIMEOUT_MS = 60_000;

// The other half is a file of its own, so that two workers share them.
testSeeds(
  seedsWith((hours) => hours === HOURS_DEFAULT).filter((seed) => seed % 2 === 1),
  SEED_TIMEOUT_MS,
);

test(
  'the same seed gives the same trace (S24)',
  () => {
    const [first, second] = [1, 2].map(() => runSeed({ seed: 7, hours: HOURS_DEFAULT }));
    expect(second).toEqual(first);
    expect(runSeed({ seed: 8, hours: HOURS_DEFAULT }).traceHash).not.toBe(first?.traceHash);
  },
  SEED_TIMEOUT_MS,
);
