import { describe, expect, test } from '@jest/globals';
import { EngineWorld, quiet } from '../../spec/engine-world.ts';
import { lampsContext } from '../../spec/lamps.context.ts';

async function leading(): Promise<EngineWorld> {
  const world = new EngineWorld('one', { contexts: [lampsContext] });
  await world.lead();
  // The context's set-up is looked at again before the process serves.
  await world.clock.advance(1_000);
  return world;
}

const light = (world: EngineWorld, lamp: string) => world.request('lamps', 'Light', { street: 'main', lamp });
const beat = (world: EngineWorld, host: string, session: string) =>
  world.agents?.heartbeat({ group: 'main', host }, session);

/** So many seconds with a heartbeat in each. */
async function alive(world: EngineWorld, seconds: number, host: string, session: string): Promise<void> {
  for (let second = 0; second < seconds; second++) {
    beat(world, host, session);
    await world.clock.advance(1_000);
  }
}

describe("agents' requests", () => {
  test('are read from the state of the writer, or become commands', async () => {
    const world = await leading();
    expect(await world.ask('main', 'a', 'join', 's1')).toEqual({ joined: 'accepted', term: 1 });
    await light(world, 'a');
    expect(await world.ask('main', 'a', 'version')).toEqual({ version: 1, term: 1 });
  });

  test('that are malformed, or for a group without a writer here, are refused', async () => {
    const world = await leading();
    expect(await world.ask('main', 'a', 'join', 7)).toEqual({ refused: 'not a session' });
    expect(await world.ask('side', 'a', 'join', 's1')).toEqual({ absent: 'side' });
  });

  test('of one queue are all answered, however many come at once', async () => {
    const world = await leading();
    const answers = await Promise.all(Array.from({ length: 100 }, (_, i) => world.ask('main', `h${i}`, 'version')));
    expect(answers).toHaveLength(100);
  });

  test('are not answered by a process that does not write', async () => {
    const world = await leading();
    const answers: object[] = [];
    const ask = () => world.agents?.request({ group: 'main', host: 'a' }, 'version', null, (a) => answers.push(a));
    ask();
    world.lease.take();
    await world.clock.advance(5_000);
    ask();
    await quiet();
    expect(answers).toEqual([{ version: 0, term: 1 }]);
  });
});

describe('directives', () => {
  test('go out once durable, to the host that they are for, with the term of the writer', async () => {
    const world = await leading();
    await world.ask('main', 'a', 'join', 's1');
    await light(world, 'a');
    await light(world, 'a');
    expect(world.directives).toEqual([
      ['main/a', { version: 1, term: 1 }],
      ['main/a', { version: 2, term: 1 }],
    ]);
    await light(world, 'unknown');
    expect(world.directives).toHaveLength(2);
  });

  test('answer a heartbeat that shows something missing', async () => {
    const world = await leading();
    await world.ask('main', 'a', 'join', 's2');
    beat(world, 'a', 's2');
    beat(world, 'a', 's1');
    world.agents?.heartbeat({ group: 'main', host: 'a' }, { malformed: true });
    await quiet();
    expect(world.directives).toEqual([['main/a', { joinAgain: 's1', term: 1 }]]);
  });
});

describe('silence', () => {
  const isConnected = async (world: EngineWorld, host: string, session: string): Promise<boolean> => {
    world.directives.length = 0;
    beat(world, host, session);
    await quiet();
    return world.directives.length === 0;
  };

  test('is recorded in time; an agent that is heard stays', async () => {
    const world = await leading();
    await world.ask('main', 'a', 'join', 's1');
    await world.ask('main', 'b', 'join', 's2');
    await alive(world, 7, 'b', 's2');
    expect(await isConnected(world, 'a', 's1')).toBe(false);
    expect(await isConnected(world, 'b', 's2')).toBe(true);
    expect(world.notes).toContain('warn: a host has missed its heartbeats');
  });

  test('begins anew with a writer that has just opened the shard', async () => {
    const world = await leading();
    await world.ask('main', 'a', 'join', 's1');
    await world.clock.advance(3_000);
    world.lease.take();
    // Five seconds in doubt, then no process writes for a while.
    await alive(world, 6, 'a', 's1');
    await world.clock.advance(60_000);
    world.lease.give();
    await quiet();
    await world.clock.advance(3_000);
    expect(await isConnected(world, 'a', 's1')).toBe(true);
    await world.clock.advance(7_000);
    expect(await isConnected(world, 'a', 's1')).toBe(false);
  });
});
