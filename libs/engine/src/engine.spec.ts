import { describe, expect, test } from '@jest/globals';
import { InMemoryEventStore } from '#libs/event-store';
import type { BoundedContext, Operation } from '#libs/kernel';
import { copying, counterContext } from '#libs/testing';
import { EngineWorld, quiet } from '../spec/engine-world.ts';
import type { Peers } from './ports.ts';

const add = (world: EngineWorld, amount: unknown, context = 'tally', counter = 'a') =>
  world.request(context, 'Add', { counter, amount });

describe('a context that the engine has never heard of', () => {
  test('is served from request to view', async () => {
    const world = new EngineWorld('one', { contexts: [counterContext('tally')] });
    await world.lead();
    expect(await add(world, 2)).toEqual({ output: { total: 2 } });
    expect(await add(world, 3)).toEqual({ output: { total: 5 } });
    expect(await world.request('tally', 'Read', { counter: 'a' })).toEqual({ output: { total: 5 } });
  });

  test('a refused command opens no shard', async () => {
    const store = new InMemoryEventStore();
    const world = new EngineWorld('one', { contexts: [counterContext('tally')], store });
    await world.lead();
    expect(await add(world, 'many')).toEqual({
      error: { type: 'NotANumberException', message: 'amount is not a number.', httpStatus: 400 },
    });
    expect(await store.shards()).toEqual([]);
  });

  test('a caller without permission changes nothing', async () => {
    const store = new InMemoryEventStore();
    const denied = { type: 'AccessDeniedException', message: 'no', httpStatus: 400 };
    const world = new EngineWorld('one', {
      contexts: [counterContext('tally')],
      store,
      authorise: ({ principal }, needed) => {
        const { action, resources } = needed();
        return principal.endsWith(':root') && action === 'tally:Add' && resources[0] === 'tally.a' ? denied : null;
      },
    });
    await world.lead();
    expect(await add(world, 1)).toEqual({ error: denied });
    expect(await add(world, 1, 'tally', 'b')).toEqual({ output: { total: 1 } });
    expect(await store.shards()).toEqual(['tally.b']);
  });
});

describe('an operation', () => {
  /** Counters whose `Add` is changed. */
  function changed(changes: Partial<Operation>): BoundedContext {
    const context = counterContext('tally') as BoundedContext;
    const original = context.operations.get('Add') as Operation;
    return { ...context, operations: new Map([...context.operations, ['Add', { ...original, ...changes }]]) };
  }

  test('whose output cannot be worked out fails for its caller alone', async () => {
    const { plan } = counterContext('tally').operations.get('Add') as Operation;
    const broken = changed({
      plan: (input, views, caller) => {
        const planned = plan(input, views, caller);
        if (planned.kind !== 'command' || input['amount'] !== 1) return planned;
        return {
          ...planned,
          output: () => {
            throw new Error('a defect');
          },
        };
      },
    });
    const world = new EngineWorld('one', { contexts: [broken] });
    await world.lead();
    const answers = await Promise.all([add(world, 1), add(world, 2)]);
    expect(answers).toMatchObject([{ error: { type: 'InternalFailure', httpStatus: 500 } }, { output: { total: 3 } }]);
    expect(world.notes).toContain('error: the output of an operation failed');
  });

  test('looks up names before values where its service does', async () => {
    const rejection = { code: 'NoCounter', message: 'which counter?' };
    const lookups: Operation['lookups'] = ({ counter }) =>
      counter === undefined ? { kind: 'rejected', rejection } : null;
    const world = new EngineWorld('one', { contexts: [changed({ lookups })] });
    expect(world.engine.gateway.lookUp('tally', 'Add', { counter: 'a' })).toBeNull();
    expect(world.engine.gateway.lookUp('tally', 'Read', {})).toBeNull();
    expect(world.engine.gateway.lookUp('tally', 'Add', {})).toEqual({
      error: { type: 'NoCounterException', message: 'which counter?', httpStatus: 400 },
    });
  });
});

describe('a policy between two contexts', () => {
  const contexts = [counterContext('tally'), counterContext('copy', [copying('tally', 'copy')])];

  test('turns the facts of one into commands of the other', async () => {
    const world = new EngineWorld('one', { contexts });
    await world.lead();
    await add(world, 2);
    await add(world, 5);
    await quiet();
    expect(await world.request('copy', 'Read', { counter: 'a' })).toEqual({ output: { total: 7 } });
  });

  test('an event that is read again has the effect of one', async () => {
    const store = new InMemoryEventStore();
    const cursors = new Map<string, number>();
    const first = new EngineWorld('one', { contexts, store, cursors });
    await first.lead();
    await add(first, 2);
    await quiet();
    expect(cursors.get('tally-to-copy')).toBeGreaterThan(0);
    await new Promise<void>((resolve) => first.engine.stop(resolve));

    // The position was lost: the log is followed from its start again.
    cursors.clear();
    const second = new EngineWorld('two', { contexts, store, cursors });
    await second.lead();
    expect(await second.request('copy', 'Read', { counter: 'a' })).toEqual({ output: { total: 2 } });
  });
});

describe('the lease', () => {
  test('a writer in doubt answers nothing that an overtaken one could not know', async () => {
    const store = new InMemoryEventStore();
    const contexts = [counterContext('tally')];
    const [a, b] = ['a', 'b'].map((name) => new EngineWorld(name, { contexts, store })) as [EngineWorld, EngineWorld];
    await a.lead();
    await add(a, 1);
    await b.lead();
    a.lease.take();
    // Nothing is appended for a 0: it would be answered from a state that is not the log's any more.
    expect(await add(a, 0)).toMatchObject({ error: { httpStatus: 500 } });
    expect(a.engine.host.shell('tally.a')).toBeUndefined();
    expect(await add(b, 1)).toEqual({ output: { total: 2 } });
  });

  test('a writer that gets the lease back answers nothing that was overtaken meanwhile', async () => {
    const store = new InMemoryEventStore();
    const contexts = [counterContext('tally')];
    const [a, b] = ['a', 'b'].map((name) => new EngineWorld(name, { contexts, store })) as [EngineWorld, EngineWorld];
    await a.lead();
    await add(a, 1);
    a.lease.take();
    await b.lead();
    b.lease.take();
    a.lease.give();
    // The other process has begun a term, and goes on in doubt.
    expect(await add(b, 1)).toEqual({ output: { total: 2 } });
    expect(await add(a, 0)).toMatchObject({ error: { httpStatus: 500 } });
  });

  test('no term begins without the lease', async () => {
    const store = new InMemoryEventStore();
    const contexts = [counterContext('tally')];
    const [a, b] = ['a', 'b'].map((name) => new EngineWorld(name, { contexts, store })) as [EngineWorld, EngineWorld];
    await a.lead();
    await add(a, 1);
    await b.follow();
    b.lease.give();
    b.lease.take();
    await quiet();
    expect(await add(a, 1)).toEqual({ output: { total: 2 } });
    expect((await store.readHead('tally.a'))?.term).toBe(1);
  });

  test('a writer in doubt goes on while the log is its own, and stands down in the end', async () => {
    const world = new EngineWorld('one', { contexts: [counterContext('tally')] });
    await world.lead();
    await add(world, 1);
    world.lease.take();
    expect(await add(world, 0)).toEqual({ output: { total: 1 } });
    expect(await add(world, 1)).toEqual({ output: { total: 2 } });
    expect(world.engine.readiness()).toMatchObject({ ready: false, writing: false });
    await world.clock.advance(5_000);
    expect(await add(world, 1)).toMatchObject({ error: { httpStatus: 500 } });
  });
});

describe('the response to a command that another process has written', () => {
  test('waits for the views of this one, and not for ever', async () => {
    const store = new InMemoryEventStore();
    const contexts = [counterContext('tally')];
    const writer = new EngineWorld('writer', { contexts, store });
    await writer.lead();
    const peers: Peers = { submit: (...command) => writer.engine.host.submit(...command) };
    const gateway = new EngineWorld('gateway', { contexts, store, peers });
    await gateway.follow();
    expect(await add(gateway, 2)).toEqual({ output: { total: 2 } });

    gateway.engine.feed.close();
    const late = add(gateway, 1);
    await gateway.clock.advance(10_000);
    expect(await late).toMatchObject({ error: { type: 'ServerException', httpStatus: 500 } });
    expect(await writer.request('tally', 'Read', { counter: 'a' })).toEqual({ output: { total: 3 } });
  });
});

test('a process that ends has its witness durable before another one can have the lease', async () => {
  const world = new EngineWorld('one', { contexts: [counterContext('tally')] });
  await world.lead();
  await add(world, 1);
  let wasFlushed = false;
  const { lease, witnessed } = world;
  const resign = lease.resign.bind(lease);
  lease.resign = (done) => {
    wasFlushed = witnessed.at(-1) === 'flushed';
    resign(done);
  };
  await new Promise<void>((resolve) => world.engine.stop(resolve));
  expect(wasFlushed).toBe(true);
  expect(lease.isHeld).toBe(false);
  expect(await add(world, 1)).toMatchObject({ error: { httpStatus: 500 } });
});
