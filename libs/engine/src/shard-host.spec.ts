import { beforeEach, describe, expect, test } from '@jest/globals';
import { InMemoryEventStore, InMemoryWitnessStore } from '#libs/event-store';
import { encodeCommit, GENESIS_HASH } from '#libs/kernel';
import type { CommandAnswer, DomainCommand } from '#libs/kernel';
import { counterContext, sha256 } from '#libs/testing';
import { EngineWorld, quiet } from '../spec/engine-world.ts';

let store: InMemoryEventStore;
let witnesses: InMemoryWitnessStore;
let ids: number;

beforeEach(() => {
  store = new InMemoryEventStore();
  witnesses = new InMemoryWitnessStore();
  ids = 0;
});

async function leading(name = 'one', contexts = [counterContext('tally')]): Promise<EngineWorld> {
  const world = new EngineWorld(name, { contexts, store, witnesses });
  await world.lead();
  return world;
}

function submit(world: EngineWorld, shard: string, command: object): Promise<CommandAnswer<unknown>> {
  const commandId = `command-${++ids}`;
  const request = {
    commandId,
    principal: 'tester',
    source: 'nats',
    correlationId: commandId,
    causationId: null,
  } as const;
  return new Promise((resolve) =>
    world.engine.host.submit(shard, { ...request, command: command as DomainCommand }, resolve),
  );
}

const add = (amount: unknown): object => ({ type: 'Add', amount });
const throwing = {
  type: 'Add',
  get amount(): number {
    throw new Error('a defect of the decider');
  },
};

/** A commit that is whole in itself and no link of its shard's chain. */
async function damage(shard: string): Promise<void> {
  const header = { shard, term: 9, revision: 7, prevHash: GENESIS_HASH, at: 1, deciderVersion: 1 };
  const head = await store.readHead(shard);
  await store.append(encodeCommit(header, [], sha256), head?.streamRevision ?? null);
}

describe('a shard without a log', () => {
  test('is not opened by a command that is refused', async () => {
    const world = await leading();
    const answers = await Promise.all([
      submit(world, 'tally.a', add('many')),
      submit(world, 'tally.b', { type: 'Tick' }),
      submit(world, 'tally.c', throwing),
    ]);
    expect(answers.map(({ kind }) => kind)).toEqual(['rejected', 'unavailable', 'failed']);
    expect(await store.shards()).toEqual([]);
    expect(world.engine.host.shells).toEqual([]);
  });

  test('is opened by one that is accepted, once', async () => {
    const world = await leading();
    const answers = await Promise.all([submit(world, 'tally.a', add(1)), submit(world, 'tally.a', add(1))]);
    expect(answers.map(({ kind }) => kind)).toEqual(['accepted', 'accepted']);
    expect(await store.shards()).toEqual(['tally.a']);
    expect(world.engine.host.shells).toHaveLength(1);
  });

  test('of no kind here is never opened', async () => {
    const world = await leading();
    expect(await submit(world, 'foreign.a', add(1))).toMatchObject({ kind: 'unavailable' });
    expect(await store.shards()).toEqual([]);
  });

  test('is not opened while the lease is in doubt: another process may have', async () => {
    const world = await leading();
    world.lease.take();
    expect(await submit(world, 'tally.a', add('many'))).toMatchObject({ kind: 'unavailable' });
    expect(await submit(world, 'tally.a', add(1))).toMatchObject({ kind: 'unavailable' });
    expect(await store.shards()).toEqual([]);
  });
});

describe('a shard whose log cannot be folded', () => {
  async function damaged(isIndispensable: boolean): Promise<EngineWorld> {
    const contexts = [counterContext('tally', [], isIndispensable)];
    const first = await leading('one', contexts);
    await submit(first, 'tally.a', add(1));
    await submit(first, 'tally.b', add(1));
    await new Promise<void>((resolve) => first.engine.stop(resolve));
    await damage('tally.a');
    return leading('two', contexts);
  }

  test('gets no writer, and the others go on', async () => {
    const world = await damaged(false);
    expect(await submit(world, 'tally.a', add(1))).toMatchObject({ kind: 'unavailable' });
    expect(await submit(world, 'tally.b', add(1))).toMatchObject({ kind: 'accepted' });
    expect(world.damage).toEqual([]);
    expect(world.engine.readiness()).toMatchObject({ ready: false, writing: true, haltedShards: ['tally.a'] });
    expect(world.notes).toContain('fatal: the log of a shard cannot be folded; its writer stays closed');
  });

  test('stops everything if it is one that everything rests on', async () => {
    const world = await damaged(true);
    expect(world.damage.map(({ message }) => message)).toEqual([
      expect.stringMatching(/commit 7 of shard tally\.a is refused/),
    ]);
  });
});

describe('a log that lacks what was acknowledged', () => {
  test('stops everything, whatever kind the shard is of', async () => {
    const first = await leading();
    await submit(first, 'tally.a', add(1));
    await new Promise<void>((resolve) => first.engine.stop(resolve));
    witnesses.note({ shard: 'tally.a', revision: 9, hash: 'h', term: 1 });
    const second = await leading('two');
    expect(second.damage.map(({ name }) => name)).toEqual(['WitnessContradicted']);
  });

  test('is noticed where the whole shard is gone', async () => {
    witnesses.note({ shard: 'tally.a', revision: 1, hash: 'h', term: 1 });
    const world = await leading();
    expect(world.damage.map(({ name }) => name)).toEqual(['WitnessContradicted']);
  });
});

describe('a writer', () => {
  test('has its commit in the witness before the response, and others observe it', async () => {
    const first = await leading();
    const second = new EngineWorld('two', { contexts: [counterContext('tally')], store });
    await second.follow();
    await first.request('tally', 'Add', { counter: 'a', amount: 1 });
    await quiet();
    expect(first.witnessed.slice(-2)).toEqual(['noted tally.a 2', 'answered']);
    expect(second.witnessed).toEqual(['observed tally.a 1', 'observed tally.a 2']);
  });

  test('that stepped down is opened again, and until then the process is not ready', async () => {
    const world = await leading();
    await submit(world, 'tally.a', add(1));
    world.engine.host.shell('tally.a')?.stop('the test says so');
    expect(world.engine.readiness()).toMatchObject({ writing: false });
    expect(await submit(world, 'tally.a', add(1))).toMatchObject({ kind: 'unavailable' });
    await world.clock.advance(100);
    expect(await submit(world, 'tally.a', add(1))).toMatchObject({ kind: 'accepted' });
    expect(world.engine.readiness()).toMatchObject({ ready: true });
  });

  test('that stepped down in doubt is opened again when the lease is certain', async () => {
    const world = await leading();
    await submit(world, 'tally.a', add(1));
    world.lease.take();
    world.engine.host.shell('tally.a')?.stop('the test says so');
    await world.clock.advance(1_000);
    expect(world.engine.host.shells).toEqual([]);
    world.lease.give();
    await world.clock.advance(1_000);
    expect(await submit(world, 'tally.a', add(1))).toMatchObject({ kind: 'accepted' });
  });

  test('gives its state when nothing is speculative, and decides nothing meanwhile', async () => {
    const world = await leading();
    await submit(world, 'tally.a', add(1));
    let resume = (): void => {};
    const revision = await new Promise((resolve) =>
      world.engine.host.shell('tally.a')?.holdAtRest((rest) => {
        resume = rest?.resume ?? resume;
        resolve(rest?.head.revision);
      }),
    );
    expect(revision).toBe(2);
    const answer = submit(world, 'tally.a', add(1));
    await quiet();
    expect(world.engine.host.shell('tally.a')).toMatchObject({ queueLength: 1, head: { revision: 2 } });
    resume();
    expect(await answer).toMatchObject({ kind: 'accepted', revision: 3 });
  });
});

describe('the journal that the views follow', () => {
  test('is damaged where a commit cannot be read', async () => {
    const world = await leading();
    await submit(world, 'tally.a', add(1));
    const head = await store.readHead('tally.a');
    const text = '{"v":99}';
    const commit = { shard: 'tally.a', term: 2, revision: 3, prevHash: 'p', hash: 'h', text };
    await store.append(commit, head?.streamRevision ?? null);
    await quiet();
    expect(world.damage.map(({ message }) => message)).toEqual([
      expect.stringMatching(/commit 3 of shard tally\.a, at \d+, cannot be read: .*encoding 99/),
    ]);
    expect(world.engine.readiness()).toMatchObject({ ready: false, journalReadable: false });
  });
});
