import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { NatsConnection } from '@nats-io/transport-node';
import { checkWitness, JournalDamaged, type StoredCommit, WitnessContradicted } from '#libs/event-store';
import { CommitChain, damageJournal, Follower, type TestNatsServer, testNatsServer } from '#libs/testing';
import { type JetStreamEventStore, openJournal } from './jetstream-event-store.ts';

// Two lives of a server and some hundred synced writes.
jest.setTimeout(30_000);

const SHARD = 'ecs.1.blue';
const COMMITS = 200;
let server: TestNatsServer;
let nc: NatsConnection;
let store: JetStreamEventStore;
let last: StoredCommit;

beforeEach(async () => {
  server = await testNatsServer();
  nc = await server.connect();
  store = await openJournal(nc);
  const chain = new CommitChain(SHARD);
  let expected: number | null = null;
  for (let commits = 0; commits < COMMITS; commits++) {
    const outcome = await store.append(chain.next(), expected);
    if (outcome.kind !== 'appended') throw new Error(JSON.stringify(outcome));
    expected = outcome.streamRevision;
  }
  const head = await store.readHead(SHARD);
  if (head === null) throw new Error('no head');
  last = head;
});
afterEach(async () => await server.stop());

async function readAll(shard: string | null): Promise<number> {
  let commits = 0;
  for await (const batch of store.read(shard, 0)) commits += batch.length;
  return commits;
}

describe('a flipped bit in the journal’s file', () => {
  test('after a clean stop: the server skips the commit without a word, and every reader stops at it', async () => {
    await damageJournal(server, nc, 'SIGTERM');
    await expect(readAll(null)).rejects.toThrow(JournalDamaged);
    await expect(readAll(SHARD)).rejects.toThrow(JournalDamaged);
    const follower = await Follower.follow(store, 0);
    await follower.until(({ failures }) => failures.length > 0);
    expect(follower.failures).toEqual([expect.any(JournalDamaged)]);
    expect(follower.caughtUpAt).toEqual([]);
  });

  test('after a crash: the server cuts off the tail without a word; whoever was further on, and the witness, tell', async () => {
    await damageJournal(server, nc, 'SIGKILL');
    const head = await store.readHead(SHARD);
    expect(head?.revision).toBeLessThan(COMMITS);
    await expect(Follower.follow(store, last.streamRevision)).rejects.toThrow(/its tail was cut off/);
    const { shard, revision, hash, term } = last;
    const end = { revision: head?.revision ?? 0, hash: head?.hash ?? '', term: head?.term ?? 0, at: 0 };
    expect(() => checkWitness({ shard, revision, hash, term }, end, null)).toThrow(WitnessContradicted);
  });
});
