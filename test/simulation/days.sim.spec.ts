import { HOURS_DEFAULT } from './arguments.ts';
import { seedsWith, testSeeds } from './spec/seeds-hold.ts';

/** A day takes half a minute of an idle machine. */
const DAY_TIMEOUT_MS = 240_000;

testSeeds(
  seedsWith((hours) => hours > HOURS_DEFAULT),
  DAY_TIMEOUT_MS,
);
