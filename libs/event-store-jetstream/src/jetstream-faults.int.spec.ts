import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { type ForeignMessage, StoreUnavailable } from '#libs/event-store';
import { CommitChain, FaultyLine, Follower, type TestNatsServer, testNatsServer } from '#libs/testing';
import { type JetStreamEventStore, openJournal } from './jetstream-event-store.ts';
import { JournalRefused } from './journal-stream.ts';

// A frozen server is found out after some seconds.
jest.setTimeout(30_000);

const SHARD = 'ecs.1.blue';
let server: TestNatsServer;
beforeEach(async () => {
  server = await testNatsServer();
});
afterEach(async () => await server.stop());

async function append(store: JetStreamEventStore, chain: CommitChain, expected: number | null, note = 'n') {
  const outcome = await store.append(chain.next({ note }), expected);
  if (outcome.kind !== 'appended') throw new Error(JSON.stringify(outcome));
  return outcome.streamRevision;
}

async function count(store: JetStreamEventStore, after: number): Promise<number> {
  let commits = 0;
  for await (const batch of store.read(null, after)) commits += batch.length;
  return commits;
}

describe('openJournal', () => {
  test('refuses a stream that could lose commits, and says why', async () => {
    const nc = await server.connect();
    const config = { name: 'WAYBILL', subjects: ['waybill.log.>'], max_age: 60_000_000_000, deny_delete: true };
    await nc.request('$JS.API.STREAM.CREATE.WAYBILL', JSON.stringify({ ...config, storage: 'memory' }));
    await expect(openJournal(nc)).rejects.toThrow(JournalRefused);
    await expect(openJournal(nc)).rejects.toThrow(
      /not fit to be the journal: storage is "memory", not "file"; discard is "old".*; max_age is 60000000000, not 0; deny_purge/,
    );
  });

  test('opens the same journal again; other replicas than asked for are refused', async () => {
    const nc = await server.connect();
    await append(await openJournal(nc), new CommitChain(SHARD), null);
    expect(await count(await openJournal(nc, { replicas: 1 }), 0)).toBe(1);
    await expect(openJournal(nc, { replicas: 3 })).rejects.toThrow(/num_replicas is 1, not 3/);
  });
});

describe('damage', () => {
  test('a message beside all shards is passed loudly, and the last place of the journal is reached', async () => {
    const nc = await server.connect();
    const foreign: ForeignMessage[] = [];
    const store = await openJournal(nc, { onForeign: (message) => foreign.push(message) });
    await nc.request('waybill.log.x', 'hello');
    await append(store, new CommitChain(SHARD), null);
    await nc.request('waybill.log.y', 'hello');
    expect(await count(store, 0)).toBe(1);
    const follower = await Follower.follow(store, 0);
    await follower.until(({ caughtUpAt }) => caughtUpAt.length > 0);
    expect(follower.commits).toHaveLength(1);
    const found = [
      { streamRevision: 1, subject: 'waybill.log.x', bytes: 5, shard: null },
      { streamRevision: 3, subject: 'waybill.log.y', bytes: 5, shard: null },
    ];
    expect(foreign).toEqual([...found, ...found]);
    await follower.close();
  });

  test('a message on the subject of a shard stops that shard and no other', async () => {
    const nc = await server.connect();
    const foreign: ForeignMessage[] = [];
    const store = await openJournal(nc, { onForeign: (message) => foreign.push(message) });
    await append(store, new CommitChain(SHARD), null);
    await nc.request('waybill.log.ecs.1.other', 'hello');
    const damage = /message at 2 on waybill.log.ecs.1.other is not a commit.*waybill doctor/;
    await expect(store.readHead('ecs.1.other')).rejects.toThrow(damage);
    await expect(store.read('ecs.1.other', 0)[Symbol.asyncIterator]().next()).rejects.toThrow(damage);
    expect(await count(store, 0)).toBe(1);
    expect(foreign).toMatchObject([{ streamRevision: 2, subject: 'waybill.log.ecs.1.other', shard: 'ecs.1.other' }]);
    expect(await store.readHead(SHARD)).toMatchObject({ revision: 1 });
  });
});

describe('faults', () => {
  test('bytes that may be stored already are never called a conflict', async () => {
    const line = await FaultyLine.open(server.url);
    const store = await openJournal(await server.connect('control-plane', `nats://127.0.0.1:${line.port}`));
    const other = await openJournal(await server.connect());
    const chain = new CommitChain(SHARD);
    const commit = chain.rival({ note: 'mine' });
    const [lost] = await Promise.all([store.append(commit, null), line.loseUntil('request', commit.hash)]);
    expect(lost).toEqual({ kind: 'unknown', reason: 'the connection was lost' });
    const foreign = await append(other, chain, null, 'foreign');
    expect(await store.append(commit, null)).toMatchObject({
      kind: 'unknown',
      reason: expect.stringContaining('earlier attempt is in doubt'),
    });
    expect((await store.readHead(SHARD))?.streamRevision).toBe(foreign);
    // Other bytes were sent once only, so the same answer is certain.
    expect(await store.append(chain.rival({ note: 'next' }), null)).toEqual({ kind: 'conflict' });
    await line.close();
  });

  test('what the user may not send is refused at once', async () => {
    const permissions = {
      publish: { allow: ['$JS.API.>'], deny: [] },
      subscribe: { allow: ['_INBOX_reader.>'], deny: [] },
    };
    const reader = { name: 'reader', account: 'WAYBILL', inboxPrefix: '_INBOX_reader', permissions } as const;
    const other = await testNatsServer({ users: [reader] });
    try {
      await openJournal(await other.connect());
      const store = await openJournal(await other.connect('reader'));
      const sentAt = performance.now();
      const outcome = await store.append(new CommitChain(SHARD).next({ note: 'n' }), null);
      expect(outcome).toMatchObject({ kind: 'refused', reason: expect.stringMatching(/permission/i) });
      expect(performance.now() - sentAt).toBeLessThan(4_000);
    } finally {
      await other.stop();
    }
  });

  test('a server killed while commits are under way keeps every one that it acknowledged', async () => {
    const store = await openJournal(await server.connect());
    const chain = new CommitChain(SHARD);
    let expected: number | null = null;
    for (let commits = 0; commits < 50; commits++) expected = await append(store, chain, expected);
    const commit = chain.next({ note: 'x'.repeat(500_000) });
    const [outcome] = await Promise.all([store.append(commit, expected), server.server.signal('SIGKILL')]);
    const head = await store.readHead(SHARD);
    if (head?.hash === commit.hash) expect(['appended', 'unknown']).toContain(outcome.kind);
    else expect([head?.streamRevision, outcome.kind]).toEqual([50, 'unknown']);
    const again = head?.hash === commit.hash ? null : await store.append(commit, expected);
    expect(again?.kind ?? 'appended').toBe('appended');
    expect(await count(store, 0)).toBe(51);
  });

  test('a follower hears that its server died and goes on where it was', async () => {
    const nc = await server.connect();
    const store = await openJournal(nc);
    const chain = new CommitChain(SHARD);
    const at = await append(store, chain, null);
    const follower = await Follower.follow(store, 0);
    await follower.until(({ commits }) => commits.length === 1);
    server.server.signal('SIGKILL');
    await follower.until(({ failures }) => failures.length > 0);
    expect(follower.failures).toEqual([expect.any(StoreUnavailable)]);
    await append(store, chain, at);
    const next = await Follower.follow(store, at);
    await next.until(({ caughtUpAt }) => caughtUpAt.length > 0);
    expect(next.commits.map(({ revision }) => revision)).toEqual([2]);
    await next.close();
  });

  test('a follower of a server that falls silent hears of it, and an append is unknown', async () => {
    const store = await openJournal(await server.connect());
    const chain = new CommitChain(SHARD);
    const follower = await Follower.follow(store, 0);
    server.server.signal('SIGSTOP');
    await follower.until(({ failures }) => failures.length > 0);
    expect(follower.failures[0]?.message).toMatch(/no sign of life/);
    const commit = chain.next();
    expect(await store.append(commit, null)).toEqual({ kind: 'unknown', reason: 'timeout' });
    server.server.signal('SIGCONT');
    // The message still lay in the server's socket and was stored when the server thawed, or will be: look, never guess.
    const again = await store.append(commit, null);
    expect(['appended', 'unknown']).toContain(again.kind);
    expect((await store.readHead(SHARD))?.hash).toBe(commit.hash);
    expect(await count(store, 0)).toBe(1);
  });

  test('replays more than a server may have pending, to a reader who takes his time', async () => {
    const store = await openJournal(await server.connect());
    const chain = new CommitChain(SHARD);
    let expected: number | null = null;
    for (let commits = 0; commits < 80; commits++) expected = await append(store, chain, expected, 'x'.repeat(990_000));
    let bytes = 0;
    for await (const batch of store.read(null, 0)) {
      for (const commit of batch) bytes += commit.text.length;
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(bytes).toBeGreaterThan(64 * 1024 * 1024);
    const follower = await Follower.follow(store, 0);
    await follower.until(({ caughtUpAt }) => caughtUpAt.length > 0);
    expect(follower.commits).toHaveLength(80);
    await follower.close();
  });
});
