import { HOURS_DEFAULT } from './arguments.ts';
import { seedsWith, testSeeds } from './spec/seeds-hold.ts';

/** Virtual seconds are cheap, and a machine under load is slow. */
const SEED_TIMEOUT_MS = 60_000;

testSeeds(
  seedsWith((hours) => hours === HOURS_DEFAULT).filter((seed) => seed % 2 === 0),
  SEED_TIMEOUT_MS,
);
