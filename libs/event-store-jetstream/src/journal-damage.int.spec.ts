import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { NatsConnection } from '@nats-io/transport-node';
import { checkWitness, JournalDamaged, type StoredCommit, WitnessContradicted } from '#libs/event-store';
import { CommitChain, Follower, type TestNatsServer, testNatsServer } from '#libs/testing';
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

/** Flips one bit in the middle of the journal's file, and ends the server in that way; it comes back by itself. */
async function flipBitAndRestart(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  const back = reconnected();
  server.server.signal('SIGSTOP');
  const file = await open(
    join(server.home, 'nats', 'jetstream', 'WAYBILL', 'streams', 'WAYBILL', 'msgs', '1.blk'),
    'r+',
  );
  const middle = Math.floor((await file.stat()).size / 2);
  const byte = Buffer.alloc(1);
  await file.read(byte, 0, 1, middle);
  byte.writeUInt8(byte.readUInt8() ^ 1);
  await file.write(byte, 0, 1, middle);
  await file.close();
  server.server.signal(signal);
  server.server.signal('SIGCONT');
  await back;
}

async function reconnected(): Promise<void> {
  for await (const { type } of nc.status()) if (type === 'reconnect') return;
}

async function readAll(shard: string | null): Promise<number> {
  let commits = 0;
  for await (const batch of store.read(shard, 0)) commits += batch.length;
  return commits;
}

describe('a flipped bit in the journal’s file', () => {
  test('after a clean stop: the server skips the commit without a word, and every reader stops at it', async () => {
    await flipBitAndRestart('SIGTERM');
    await expect(readAll(null)).rejects.toThrow(JournalDamaged);
    await expect(readAll(SHARD)).rejects.toThrow(JournalDamaged);
    const follower = await Follower.follow(store, 0);
    await follower.until(({ failures }) => failures.length > 0);
    expect(follower.failures).toEqual([expect.any(JournalDamaged)]);
    expect(follower.caughtUpAt).toEqual([]);
  });

  test('after a crash: the server cuts off the tail without a word; whoever was further on, and the witness, tell', async () => {
    await flipBitAndRestart('SIGKILL');
    const head = await store.readHead(SHARD);
    expect(head?.revision).toBeLessThan(COMMITS);
    await expect(Follower.follow(store, last.streamRevision)).rejects.toThrow(/its tail was cut off/);
    const { shard, revision, hash, term } = last;
    const end = { revision: head?.revision ?? 0, hash: head?.hash ?? '', term: head?.term ?? 0, at: 0 };
    expect(() => checkWitness({ shard, revision, hash, term }, end, null)).toThrow(WitnessContradicted);
  });
});
