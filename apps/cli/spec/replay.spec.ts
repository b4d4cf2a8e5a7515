import { beforeEach, describe, expect, test } from '@jest/globals';
import { accountShard, clusterShard } from '#libs/ecs/messages';
import { InMemoryEventStore, type StoredCommit } from '#libs/event-store';
import { replayText, summary } from '../src/replay/replay.command.ts';
import { type LiveFingerprint, replay, type ShardReport } from '../src/replay/replay.ts';
import { type Fingerprint, ShardReplay } from '../src/replay/shard-replay.ts';
import { LOCALE, recordAccount, recordTaskLife } from './recorder.ts';

const SHARD = clusterShard(LOCALE.account, 'default');
const ACCOUNT = accountShard(LOCALE.account);
const START = Date.UTC(2026, 2, 10);

let log: InMemoryEventStore;
beforeEach(async () => {
  log = new InMemoryEventStore();
  const input = { family: 'web', containerDefinitions: [{ name: 'web', image: 'demo', memory: 64 }] };
  await recordAccount(log).commit({
    at: START,
    command: { type: 'RegisterTaskDefinition', region: LOCALE.region, input },
  });
  await recordTaskLife(log, 'default', START);
});

const run = (live: LiveFingerprint | null, from = log): Promise<readonly ShardReport[]> =>
  replay(from, { shards: [ACCOUNT, SHARD], live, progress: () => {} });

/** What a live control plane would say at a revision. */
async function fingerprintAt(shard: string, revision: number): Promise<Fingerprint> {
  const replayed = new ShardReplay(shard);
  for await (const batch of log.read(shard, 0)) {
    for (const { text } of batch) if (replayed.head.revision < revision) replayed.apply(text);
  }
  return replayed.fingerprint();
}

/** The log with something done to its commits on the way. */
function altered(alter: (commit: StoredCommit) => readonly StoredCommit[]): InMemoryEventStore {
  const copy = new InMemoryEventStore();
  copy.read = async function* (shard) {
    for await (const batch of log.read(shard, 0)) yield batch.flatMap(alter);
  };
  return copy;
}

describe('waybill replay', () => {
  test('folds every shard and counts', async () => {
    const reports = await run(null);
    expect(reports).toMatchObject([
      { shard: ACCOUNT, revision: 1, events: 1, problems: [], verifiedRevision: null },
      { shard: SHARD, revision: 5, term: 1, problems: [], verifiedRevision: null },
    ]);
  });

  test('compares with the live control plane at the revision where that was, also when the log has gone on', async () => {
    const reports = await run((shard) => fingerprintAt(shard, shard === SHARD ? 3 : 1));
    expect(
      reports.map(({ revision, verifiedRevision, problems }) => ({ revision, verifiedRevision, problems })),
    ).toEqual([
      { revision: 1, verifiedRevision: 1, problems: [] },
      { revision: 5, verifiedRevision: 3, problems: [] },
    ]);
  });

  test.each([
    ['stateHash', 'the folded state differs from the live one'],
    ['viewHash', 'the folded views differ from the live ones'],
    ['hash', 'the log holds another commit'],
  ])('a live %s that differs is named with its revision', async (member, words) => {
    const [, report] = await run(async (shard) => ({ ...(await fingerprintAt(shard, 5)), revision: 1, [member]: 'x' }));
    expect(report?.problems.join('\n')).toContain(`revision 1: ${words}`);
  });

  test('a live revision beyond the log, and a control plane that does not write the shard', async () => {
    const beyond = await run(async (shard) => ({ ...(await fingerprintAt(shard, 1)), revision: 9 }));
    expect(beyond[1]?.problems).toEqual(['the log ends at revision 5, but the live control plane has 9']);
    const missing = await run(async () => ({ missing: 'not compared: nobody writes it' }));
    expect(missing[1]).toMatchObject({ problems: ['not compared: nobody writes it'], verifiedRevision: null });
  });

  test.each<[string, (commit: StoredCommit) => readonly StoredCommit[], string]>([
    [
      'an edited reason',
      (commit) => [{ ...commit, text: commit.text.replace('enough', 'ENOUGH') }],
      'its hash does not match its content',
    ],
    ['a missing commit', (commit) => (commit.revision === 3 ? [] : [commit]), 'expected revision 3'],
    ['a doubled commit', (commit) => (commit.revision === 3 ? [commit, commit] : [commit]), 'expected revision 4'],
    ['text that is no JSON', (commit) => [{ ...commit, text: commit.text.slice(1) }], 'JSON'],
  ])('%s is found', async (_what, alter, words) => {
    const reports = await run(null, altered(alter));
    expect(reports.flatMap(({ problems }) => problems).join('\n')).toContain(words);
    expect(summary(reports, false, 1).ok).toBe(false);
  });

  test('the report for people ends in a verdict', async () => {
    const good = replayText(summary(await run((shard) => fingerprintAt(shard, 1)), true, 0.5));
    expect(good).toMatch(/ecs\.123456789012\.default +5 +1 +\d+ +at 1 +ok/);
    expect(good.split('\n').at(-1)).toMatch(
      /^the log is whole and folds to the live state and views: \d+ events in 0.50 s/,
    );
    const bad = replayText(summary(await run(async () => ({ missing: 'not\u001bcompared' })), true, 0.5));
    expect(bad).toContain(`${SHARD}: not\\u001bcompared`);
    expect(bad.split('\n').at(-1)).toMatch(/^2 problems: /);
  });
});
