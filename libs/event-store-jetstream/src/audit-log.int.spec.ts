import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { type ForeignMessage, JournalDamaged, type StoredCommit } from '#libs/event-store';
import { CommitChain, type TestNatsServer, testNatsServer } from '#libs/testing';
import { openAuditLog } from './audit-log.ts';
import { type JetStreamEventStore, openJournal } from './jetstream-event-store.ts';

// Some thousand synced writes on a busy machine.
jest.setTimeout(60_000);

let server: TestNatsServer;
let store: JetStreamEventStore;
beforeEach(async () => {
  server = await testNatsServer();
});
afterEach(async () => await server.stop());

/** Appends so many commits to each shard, in turn; a shard that is rare gets one every so many turns. */
async function fill(turns: number, shards: readonly { readonly name: string; readonly every: number }[]) {
  store = await openJournal(await server.connect());
  const chains = shards.map(({ name, every }) => ({ chain: new CommitChain(name), every, at: null as number | null }));
  for (let turn = 0; turn < turns; turn++) {
    const due = chains.filter(({ every }) => turn % every === 0);
    await Promise.all(
      due.map(async (shard) => {
        const outcome = await store.append(shard.chain.next({ note: `ä ${turn}` }), shard.at);
        if (outcome.kind !== 'appended') throw new Error(JSON.stringify(outcome));
        shard.at = outcome.streamRevision;
      }),
    );
  }
}

async function all(batches: AsyncIterable<readonly StoredCommit[]>): Promise<StoredCommit[]> {
  const commits: StoredCommit[] = [];
  for await (const batch of batches) commits.push(...batch);
  return commits;
}

const SHARDS = [
  { name: 'ecs.1', every: 400 },
  { name: 'ecs.1.blue', every: 1 },
  { name: 'ecs.1.green', every: 7 },
];

describe('an auditor', () => {
  test('reads what the writer reads: the whole journal and each shard, from the start and from the middle', async () => {
    await fill(800, SHARDS);
    const log = await openAuditLog(await server.connect('auditor'));
    expect(await log.shards()).toEqual(['ecs.1', 'ecs.1.blue', 'ecs.1.green']);
    for (const shard of [null, ...SHARDS.map(({ name }) => name), 'ecs.1.nobody']) {
      for (const after of [0, 333]) {
        expect(await all(log.read(shard, after))).toEqual(await all(store.read(shard, after)));
      }
    }
    expect(await log.readHead('ecs.1.blue')).toEqual(await store.readHead('ecs.1.blue'));
    expect(await log.readHead('ecs.1.nobody')).toBeNull();
    await expect(all(log.read(null, 100_000))).rejects.toThrow(JournalDamaged);
  });

  test('passes what is no commit, and stops at it on a shard', async () => {
    const nc = await server.connect();
    await fill(2, [{ name: 'ecs.1', every: 1 }]);
    await nc.request('waybill.log.x', 'hello');
    await nc.request('waybill.log.ecs.1', 'hello');
    const foreign: ForeignMessage[] = [];
    const log = await openAuditLog(await server.connect('auditor'), { onForeign: (message) => foreign.push(message) });
    expect(await all(log.read(null, 0))).toHaveLength(2);
    expect(foreign.map(({ streamRevision, shard }) => [streamRevision, shard])).toEqual([
      [3, null],
      [4, 'ecs.1'],
    ]);
    await expect(all(log.read('ecs.1', 0))).rejects.toThrow(/message at 4 on waybill.log.ecs.1 is not a commit/);
  });

  test('is told when nothing was ever recorded', async () => {
    await expect(openAuditLog(await server.connect('auditor'))).rejects.toThrow(/there is no stream WAYBILL/);
  });
});
