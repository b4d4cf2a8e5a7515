import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type AppendOutcome, type EventStore, JournalDamaged, type StoredCommit } from '#libs/event-store';
import { COMMIT_BYTES_HARD_MAX, type EncodedCommit } from '#libs/kernel';
import { CommitChain } from './commit-chain.ts';
import { Follower } from './follower.ts';

/** One empty journal and two ways to it. */
export interface EventStoreUnderTest {
  readonly store: EventStore;
  /** Another process's way to the same journal. */
  readonly other: EventStore;
  /** Appends through a line that loses the request or the answer. */
  appendLosing(lost: 'request' | 'answer', commit: EncodedCommit, expected: number | null): Promise<AppendOutcome>;
  close(): Promise<void>;
}

const SHARD = 'ecs.1.blue';
const OTHER_SHARD = 'ecs.1.green';

/** The promises of the EventStore port. Every adapter runs them. */
export function describeEventStore(name: string, makeStore: () => Promise<EventStoreUnderTest>): void {
  describe(`${name} as an event store`, () => {
    let made: EventStoreUnderTest;
    let store: EventStore;
    let other: EventStore;
    beforeEach(async () => {
      made = await makeStore();
      ({ store, other } = made);
    });
    afterEach(async () => await made.close());

    describeAppend(() => made);
    describeUnknown(() => made);

    test('reads one shard, or all, in order and in batches, after a position', async () => {
      const written = await fill(store, 40);
      expect(await readAll(store, null, 0)).toEqual(written);
      const blue = written.filter((commit) => commit.shard === SHARD);
      expect(await readAll(store, SHARD, 0)).toEqual(blue);
      const middle = blue[10]?.streamRevision ?? 0;
      expect(await readAll(other, SHARD, middle)).toEqual(blue.slice(11));
      expect(await readAll(other, null, written[written.length - 1]?.streamRevision ?? 0)).toEqual([]);
    });

    test('reads nothing from an empty journal or an unknown shard', async () => {
      expect(await readAll(store, null, 0)).toEqual([]);
      await fill(store, 1);
      expect(await readAll(store, 'ecs.1.nobody', 0)).toEqual([]);
    });

    test('a reader may stop in the middle', async () => {
      await fill(store, 20);
      for await (const batch of store.read(null, 0)) {
        expect(batch.length).toBeGreaterThan(0);
        break;
      }
      expect(await readAll(store, null, 0)).toHaveLength(20);
    });

    test('gives back the text byte for byte', async () => {
      const chain = new CommitChain(SHARD);
      const commit = chain.next({ note: 'ä ß 漢字 🚢 \u0000 \u2028 "\\/" \r\n' });
      expect(await store.append(commit, null)).toMatchObject({ kind: 'appended' });
      expect((await store.readHead(SHARD))?.text).toBe(commit.text);
      expect((await readAll(store, SHARD, 0))[0]?.text).toBe(commit.text);
    });

    test('keeps a commit as large as commits may get, and refuses a larger one', async () => {
      const chain = new CommitChain(SHARD);
      const frame = chain.rival({ note: '' }).text.length;
      const largest = chain.rival({ note: 'x'.repeat(COMMIT_BYTES_HARD_MAX - frame) });
      expect(largest.text).toHaveLength(COMMIT_BYTES_HARD_MAX);
      const tooLarge = chain.rival({ note: 'x'.repeat(COMMIT_BYTES_HARD_MAX - frame + 1) });
      expect(await store.append(tooLarge, null)).toMatchObject({ kind: 'refused' });
      expect(await store.readHead(SHARD)).toBeNull();
      expect(await store.append(largest, null)).toMatchObject({ kind: 'appended' });
      expect((await store.readHead(SHARD))?.text).toBe(largest.text);
      expect((await readAll(store, null, 0)).map((commit) => commit.text)).toEqual([largest.text]);
    });

    test('lists the shards that have a commit', async () => {
      expect(await store.shards()).toEqual([]);
      await fill(store, 4);
      await store.append(new CommitChain('ecs.1').next(), null);
      expect(await other.shards()).toEqual(['ecs.1', SHARD, OTHER_SHARD]);
    });

    test('follows from the start: what is there, caught up once, then what comes', async () => {
      const written = await fill(store, 30);
      const follower = await Follower.follow(store, 0);
      await follower.until(({ caughtUpAt }) => caughtUpAt.length > 0);
      expect(follower.commits).toEqual(written);
      const chain = new CommitChain('ecs.2');
      const first = await store.append(chain.next(), null);
      const expected = first.kind === 'appended' ? first.streamRevision : null;
      await other.append(chain.next(), expected);
      await follower.until(({ commits }) => commits.length === 32);
      expect(follower.commits.slice(30).map((commit) => [commit.shard, commit.revision])).toEqual([
        ['ecs.2', 1],
        ['ecs.2', 2],
      ]);
      expect(follower.caughtUpAt).toEqual([30]);
      await follower.close();
    });

    test('follows from the middle, and from the head', async () => {
      const written = await fill(store, 30);
      const middle = written[9]?.streamRevision ?? 0;
      const late = await Follower.follow(other, middle);
      await late.until(({ caughtUpAt }) => caughtUpAt.length > 0);
      expect(late.commits).toEqual(written.slice(10));
      await late.close();
      const last = await Follower.follow(other, written[29]?.streamRevision ?? 0);
      await last.until(({ caughtUpAt }) => caughtUpAt.length > 0);
      expect(last.commits).toEqual([]);
      await last.close();
    });

    test('a follower of an empty journal is caught up at once', async () => {
      const follower = await Follower.follow(store, 0);
      await follower.until(({ caughtUpAt }) => caughtUpAt.length > 0);
      await fill(other, 2);
      await follower.until(({ commits }) => commits.length === 2);
      expect(follower.caughtUpAt).toEqual([0]);
      await follower.close();
    });

    test('delivers nothing after close', async () => {
      const closed = await Follower.follow(store, 0);
      await closed.close();
      const open = await Follower.follow(store, 0);
      await fill(store, 3);
      await open.until(({ commits }) => commits.length === 3);
      expect(closed.commits).toEqual([]);
      expect(closed.failures).toEqual([]);
      await open.close();
    });

    test('a reader who has seen more than the journal holds hears that its tail is gone', async () => {
      const written = await fill(store, 3);
      const beyond = (written[2]?.streamRevision ?? 0) + 1;
      await expect(readAll(store, null, beyond)).rejects.toThrow(JournalDamaged);
      await expect(Follower.follow(store, beyond)).rejects.toThrow(JournalDamaged);
    });
  });
}

function describeAppend(made: () => EventStoreUnderTest): void {
  test('the first commit of a shard expects nothing, the next one its predecessor', async () => {
    const { store, other } = made();
    const chain = new CommitChain(SHARD);
    expect(await store.readHead(SHARD)).toBeNull();
    const [first, second] = [chain.next({ term: 3 }), chain.next({ term: 4 })];
    const outcome = await store.append(first, null);
    const at = streamRevisionOf(outcome);
    expect(await store.readHead(SHARD)).toEqual(stored(first, at));
    const next = streamRevisionOf(await other.append(second, at));
    expect(next).toBeGreaterThan(at);
    expect(await store.readHead(SHARD)).toEqual(stored(second, next));
  });

  test('a wrong expectation is a conflict and stores nothing', async () => {
    const { store } = made();
    const chain = new CommitChain(SHARD);
    expect(await store.append(chain.rival(), 7)).toEqual({ kind: 'conflict' });
    const first = streamRevisionOf(await store.append(chain.next(), null));
    expect(await store.append(chain.rival({ note: 'a' }), null)).toEqual({ kind: 'conflict' });
    expect(await store.append(chain.rival({ note: 'b' }), first + 1)).toEqual({ kind: 'conflict' });
    expect(await readAll(store, null, 0)).toHaveLength(1);
  });

  test('shards do not get in each other’s way', async () => {
    const { store } = made();
    const [blue, green] = [new CommitChain(SHARD), new CommitChain(OTHER_SHARD)];
    const blueAt = streamRevisionOf(await store.append(blue.next(), null));
    await store.append(green.next(), null);
    expect(await store.append(blue.next(), blueAt)).toMatchObject({ kind: 'appended' });
  });

  test('of two writers who race, exactly one wins each commit', async () => {
    const { store, other } = made();
    const chain = new CommitChain(SHARD);
    let expected: number | null = null;
    for (let round = 0; round < 10; round++) {
      const rivals = [chain.rival({ note: `a${round}` }), chain.rival({ note: `b${round}` })] as const;
      const outcomes: AppendOutcome[] = await Promise.all([
        store.append(rivals[0], expected),
        other.append(rivals[1], expected),
      ]);
      expect(outcomes.map(({ kind }) => kind).sort()).toEqual(['appended', 'conflict']);
      const won = outcomes[0]?.kind === 'appended' ? 0 : 1;
      expected = streamRevisionOf(outcomes[won]);
      expect((await store.readHead(SHARD))?.hash).toBe(rivals[won].hash);
      chain.next({ note: `${won === 0 ? 'a' : 'b'}${round}` });
    }
  });
}

function describeUnknown(made: () => EventStoreUnderTest): void {
  test('after a lost answer the head shows the commit, and sending it again does no harm', async () => {
    const { store, appendLosing } = made();
    const chain = new CommitChain(SHARD);
    const first = streamRevisionOf(await store.append(chain.next(), null));
    const commit = chain.next();
    expect(await appendLosing('answer', commit, first)).toMatchObject({ kind: 'unknown' });
    const head = await store.readHead(SHARD);
    expect(head?.hash).toBe(commit.hash);
    const again = await store.append(commit, first);
    // Servers differ: some recognise the bytes, some say no more than that the expectation is old.
    if (again.kind === 'appended') expect(again.streamRevision).toBe(head?.streamRevision);
    expect(await readAll(store, null, 0)).toHaveLength(2);
  });

  test('after a lost request the head is the old one, and the same bytes can be sent again', async () => {
    const { store, appendLosing } = made();
    const chain = new CommitChain(SHARD);
    const before = chain.next();
    const first = streamRevisionOf(await store.append(before, null));
    const commit = chain.next();
    expect(await appendLosing('request', commit, first)).toMatchObject({ kind: 'unknown' });
    expect((await store.readHead(SHARD))?.hash).toBe(before.hash);
    expect(await store.append(commit, first)).toMatchObject({ kind: 'appended' });
  });
}

/** Appends to two shards in turn and returns what must be read back. */
async function fill(store: EventStore, commits: number): Promise<StoredCommit[]> {
  const chains = [new CommitChain(SHARD), new CommitChain(OTHER_SHARD)] as const;
  const expected: [number | null, number | null] = [null, null];
  const written: StoredCommit[] = [];
  for (let count = 0; count < commits; count++) {
    const lane = count % 2 === 0 ? 0 : 1;
    const commit = chains[lane].next({ note: `note ${count}` });
    const at = streamRevisionOf(await store.append(commit, expected[lane]));
    expected[lane] = at;
    written.push(stored(commit, at));
  }
  return written;
}

async function readAll(store: EventStore, shard: string | null, after: number): Promise<StoredCommit[]> {
  const commits: StoredCommit[] = [];
  for await (const batch of store.read(shard, after)) commits.push(...batch);
  return commits;
}

function stored({ shard, term, revision, hash, text }: EncodedCommit, streamRevision: number): StoredCommit {
  return { shard, streamRevision, term, revision, hash, text };
}

function streamRevisionOf(outcome: AppendOutcome | undefined): number {
  if (outcome?.kind !== 'appended') throw new Error(`not appended: ${JSON.stringify(outcome)}`);
  return outcome.streamRevision;
}
