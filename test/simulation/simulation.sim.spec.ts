import { describe, expect, test } from '@jest/globals';
import { HOURS_DEFAULT, SEEDS_DEFAULT } from './arguments.ts';
import type { InvariantName } from './invariants/violation.ts';
import type { BrokenParts } from './parts.ts';
import { runSeed } from './run-seed.ts';
import {
  assignsTwice,
  forgetsTokens,
  ignoresReports,
  neglectsServices,
  overcommits,
  overlooksDraining,
  overlooksPercentages,
  overlooksPorts,
  remembersWrongly,
} from './spec-support/broken-deciders.ts';
import { tellViolation } from './tell.ts';

/** Virtual seconds are cheap, and a machine under load is slow. */
const SEED_TIMEOUT_MS = 60_000;
/** Broken parts show within this many seeds. */
const SEEDS_TO_BREAK_MAX = 25;

describe('every invariant holds', () => {
  const seeds = Array.from({ length: SEEDS_DEFAULT }, (_, index) => index + 1);

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

/** What is broken, and the invariant that must say so. */
const BROKEN: readonly (readonly [what: string, invariant: InvariantName, parts: BrokenParts])[] = [
  ['a journal that takes every append', 'S1', { journal: { ignoresExpectations: true } }],
  ['a journal that loses what it acknowledged', 'S2', { journal: { acknowledgedLostAtCrash: 2 } }],
  ['a writer that answers before the ack', 'S2', { writerAnswersBeforeTheAck: true }],
  ['an agent that ignores terms', 'S3', { agentIgnoresTerms: true }],
  ['a task that is given to two hosts', 'S4', { deciders: assignsTwice }],
  ['an engine that starts ended containers again', 'S6', { enginesRestartContainers: true }],
  ['a placement that overcommits', 'S7', { deciders: overcommits }],
  ['a placement that overlooks fixed ports', 'S8', { deciders: overlooksPorts }],
  ['a rollout that overlooks its percentages', 'S10', { deciders: overlooksPercentages }],
  ['a decider that forgets client tokens', 'S13', { deciders: forgetsTokens }],
  ['a placement that overlooks draining', 'S14', { deciders: overlooksDraining }],
  ['a state that is not the fold of its log', 'S16', { deciders: remembersWrongly }],
  ['a writer that answers from an old state', 'S21', { writersNeverConfirm: true }],
  ['a view that misses events', 'S22', { viewsMiss: (type) => type === 'TaskStopRequested' }],
  ['services that nobody looks after', 'L1', { deciders: neglectsServices }],
  ['starts that nobody records', 'L2', { deciders: ignoresReports('RUNNING') }],
  ['ends that nobody records', 'L3', { deciders: ignoresReports('STOPPED') }],
];

describe('an invariant that is broken is reported', () => {
  test.each(BROKEN)(
    '%s: %s',
    (_what, invariant, broken) => {
      const reported = new Set<InvariantName>();
      for (let seed = 1; seed <= SEEDS_TO_BREAK_MAX && !reported.has(invariant); seed++) {
        const { violation } = runSeed({ seed, hours: HOURS_DEFAULT, broken });
        if (violation !== null) reported.add(violation.invariant);
      }
      expect([...reported]).toContain(invariant);
    },
    SEED_TIMEOUT_MS,
  );
});
