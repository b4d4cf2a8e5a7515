import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { PlacementStrategy } from '#libs/ecs/messages';
import { seededRandom, seedFromText } from '#libs/kernel';
import { placementEngine } from '../engine/placement-engine.ts';
import type { PlacementEngine } from '../types.ts';

interface Given {
  readonly taskId: string;
  readonly hostId: string;
  readonly cpu: number;
}

const ZONE = 'ecs.availability-zone';
const first = (): number => 0;

/** Hosts of 1,000 CPU units, named after their zone (`a1` is in zone a, `_1` in none), and the tasks on them. */
function cluster(hostIds: readonly string[], tasks: readonly Given[]): PlacementEngine {
  const engine = placementEngine();
  for (const id of hostIds) {
    const zone = id.charAt(0);
    engine.addHost(id, {
      cpu: 1000,
      memory: 1000,
      reservedTcpPorts: [],
      reservedUdpPorts: [],
      attributes: zone === '_' ? [] : [{ name: ZONE, value: zone }],
    });
  }
  for (const { taskId, hostId, cpu } of tasks) {
    const demand = { cpu, memory: 1, tcpPorts: [], udpPorts: [], requiresAttributes: [] };
    engine.reserve(hostId, taskId, demand, 'g');
  }
  return engine;
}

/** `t1@a1` takes 100 CPU units on a1, `t1@a1:50` takes 50. */
function tasksOf(...texts: readonly string[]): readonly Given[] {
  return texts.map((text) => {
    const [taskId = '', hostId = '', cpu = '100'] = text.split(/[@:]/);
    return { taskId, hostId, cpu: Number(cpu) };
  });
}

const zone: PlacementStrategy = { type: 'spread', field: `attribute:${ZONE}` };
const host: PlacementStrategy = { type: 'spread', field: 'instanceId' };
const cpu: PlacementStrategy = { type: 'binpack', field: 'cpu' };

describe('scale-in stops', () => {
  test.each([
    [
      'the zone with most tasks, then its host with most',
      [],
      ['t1@a1', 't2@a2', 't3@a2', 't4@b1', 't5@b1'],
      't2 t4 t1 t3 t5',
    ],
    ['the host with most tasks', [host], ['t1@a1', 't2@b1', 't3@b1', 't4@b2', 't5@b2'], 't2 t4 t1 t3 t5'],
    ['in a zone alone: the given order', [zone], ['t1@a1', 't2@a2', 't3@b1'], 't1 t2 t3'],
    ['hosts without the attribute as one more group', [zone], ['t1@a1', 't2@_1', 't3@_2'], 't2 t1 t3'],
    ['on the emptiest host', [cpu], ['t1@a1', 't2@a1', 't3@a1', 't4@b1', 't5@b2', 't6@b2'], 't4 t5 t6 t1 t2 t3'],
    ['what leaves most room: the greatest of the host', [cpu], ['t1@a1:50', 't2@a1:100', 't3@b1:120'], 't3 t2 t1'],
    ['in the fullest zone, on its emptiest host', [zone, cpu], ['t1@a1', 't2@a1', 't3@a2', 't4@b1'], 't3 t1 t2 t4'],
    ['in the given order what is equal', [cpu], ['t2@a1', 't1@a1', 't3@a1'], 't2 t1 t3'],
  ])('%s', (_, strategy, texts, expected) => {
    const tasks = tasksOf(...texts);
    const engine = cluster(['a1', 'a2', 'b1', 'b2', '_1', '_2'], tasks);
    expect(engine.scaleInOrder(tasks, strategy, first).join(' ')).toBe(expected);
    expect(engine.scaleInOrder(tasks, strategy, first, 2).join(' ')).toBe(expected.split(' ').slice(0, 2).join(' '));
  });

  test('first what runs on a host that is gone', () => {
    const tasks = tasksOf('t1@a1', 't2@a2', 't3@b1');
    const engine = cluster(['a1', 'a2', 'b1'], tasks);
    engine.removeHost('b1');
    expect(engine.scaleInOrder(tasks, [], first)).toEqual(['t3', 't1', 't2']);
    expect(engine.scaleInOrder(tasks, [], first, 0)).toEqual([]);
  });

  test('any task when the strategy is random, each as likely as the others', () => {
    const tasks = tasksOf('t1@a1', 't2@a1', 't3@a1', 't4@b1');
    const engine = cluster(['a1', 'b1'], tasks);
    const random = seededRandom(seedFromText('scale-in'));
    let lonely = 0;
    for (let i = 0; i < 2000; i++) {
      const [chosen] = engine.scaleInOrder(tasks, [{ type: 'random' }], random, 1);
      if (chosen === 't4') lonely += 1;
    }
    expect(Math.abs(lonely - 500)).toBeLessThan(100);
    expect([...engine.scaleInOrder(tasks, [{ type: 'random' }], random)].sort()).toEqual(['t1', 't2', 't3', 't4']);
  });

  test('one task after the other, as an obvious search over all tasks does', () => {
    const hostIds = ['a1', 'a2', 'b1', 'b2', '_1'];
    const given = fc.array(fc.record({ hostId: fc.constantFrom(...hostIds), cpu: fc.integer({ min: 1, max: 3 }) }), {
      maxLength: 12,
    });
    fc.assert(
      fc.property(given, fc.subarray([zone, host, cpu]), fc.boolean(), (some, chosen, reversed) => {
        const strategy = reversed ? chosen.toReversed() : chosen;
        const tasks = some.map((task, i) => ({ ...task, taskId: `t${i}` }));
        const order = cluster(hostIds, tasks).scaleInOrder(tasks, strategy, first);
        expect(order).toEqual(obviousOrder(tasks, strategy.length === 0 ? [zone, host] : strategy));
      }),
      { numRuns: 300 },
    );
  });
});

function obviousOrder(tasks: readonly Given[], strategy: readonly PlacementStrategy[]): readonly string[] {
  const left = [...tasks];
  const order: string[] = [];
  while (left.length > 0) {
    let tied = left;
    for (const step of strategy) {
      const keyOf = (task: Given): number => {
        const same = (other: Given): boolean => other.hostId === task.hostId;
        if (step === cpu) return 1000 - left.filter(same).reduce((sum, other) => sum + other.cpu, 0) + task.cpu;
        if (step === host) return left.filter(same).length;
        return left.filter(({ hostId }) => hostId.charAt(0) === task.hostId.charAt(0)).length;
      };
      const most = Math.max(...tied.map(keyOf));
      tied = tied.filter((task) => keyOf(task) === most);
    }
    const [next] = tied;
    if (next === undefined) break;
    order.push(next.taskId);
    left.splice(left.indexOf(next), 1);
  }
  return order;
}
