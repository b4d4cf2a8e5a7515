import { describe, expect, test } from '@jest/globals';
import { CommitChain, describeEventStore, Follower } from '#libs/testing';
import { StoreUnavailable } from './event-store.ts';
import { InMemoryEventStore } from './in-memory-event-store.ts';

describeEventStore('InMemoryEventStore', async () => {
  const store = new InMemoryEventStore();
  return {
    store,
    other: store,
    appendLosing: async (lost, commit, expected) => {
      store.failNext(lost === 'answer' ? 'unknown-stored' : 'unknown-not-stored');
      return await store.append(commit, expected);
    },
    close: async () => {},
  };
});

describe('faults of InMemoryEventStore', () => {
  test('an injected conflict or refusal stores nothing', async () => {
    const store = new InMemoryEventStore();
    const commit = new CommitChain('ecs.1').next();
    store.failNext('conflict', 'refused');
    expect(await store.append(commit, null)).toEqual({ kind: 'conflict' });
    expect(await store.append(commit, null)).toMatchObject({ kind: 'refused' });
    expect(await store.readHead('ecs.1')).toBeNull();
    expect(await store.append(commit, null)).toEqual({ kind: 'appended', streamRevision: 1 });
  });

  test('a late request lands under its own expectation, or not at all', async () => {
    const store = new InMemoryEventStore({ faultOf: (commit) => (commit.term === 1 ? 'unknown-stored-late' : null) });
    const chain = new CommitChain('ecs.1');
    const [late, winner] = [chain.rival({ term: 1 }), chain.rival({ term: 2 })];
    expect(await store.append(late, null)).toMatchObject({ kind: 'unknown' });
    expect(await store.readHead('ecs.1')).toBeNull();
    expect(await store.append(winner, null)).toMatchObject({ kind: 'appended' });
    store.landLate();
    expect((await store.readHead('ecs.1'))?.hash).toBe(winner.hash);
  });

  test('without a connection nothing is known, and followers hear of it', async () => {
    const store = new InMemoryEventStore();
    const follower = await Follower.follow(store, 0);
    store.available = false;
    expect(follower.failures).toEqual([expect.any(StoreUnavailable)]);
    expect(await store.append(new CommitChain('ecs.1').next(), null)).toMatchObject({ kind: 'unknown' });
    await expect(store.readHead('ecs.1')).rejects.toThrow(StoreUnavailable);
    await expect(store.shards()).rejects.toThrow(StoreUnavailable);
    store.available = true;
    expect(await store.shards()).toEqual([]);
  });

  test('a lost tail gives the same positions out again', async () => {
    const store = new InMemoryEventStore();
    const chain = new CommitChain('ecs.1');
    const rival = new CommitChain('ecs.1');
    await store.append(chain.next(), null);
    rival.next();
    expect(await store.append(chain.next({ note: 'lost' }), 1)).toEqual({ kind: 'appended', streamRevision: 2 });
    store.loseTail(1);
    expect(await store.append(rival.next({ note: 'other' }), 1)).toEqual({ kind: 'appended', streamRevision: 2 });
  });

  test('delivers when the given schedule says so', async () => {
    const due: (() => void)[] = [];
    const store = new InMemoryEventStore({ schedule: (deliver) => due.push(deliver) });
    const follower = await Follower.follow(store, 0);
    const chain = new CommitChain('ecs.1');
    await store.append(chain.next(), null);
    await store.append(chain.next(), 1);
    expect(follower.commits).toEqual([]);
    for (const deliver of due.splice(0)) deliver();
    expect(follower.batchSizes).toEqual([2]);
    expect(follower.caughtUpAt).toEqual([2]);
  });
});
