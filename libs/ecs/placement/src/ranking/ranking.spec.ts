import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { PlacementStrategy } from '#libs/ecs/messages';
import { seededRandom, seedFromText } from '#libs/kernel';
import { placementEngine } from '../engine/placement-engine.ts';
import type { PlacementEngine, PlacementRequest, TaskDemand } from '../types.ts';

const DEMAND: TaskDemand = { cpu: 100, memory: 100, tcpPorts: [], udpPorts: [], requiresAttributes: [] };
const first = (): number => 0;

/** `h1:a` is host h1 in zone a; `h1` has no zone. All have 1,000 of each resource unless given as `h1:a:500:800`. */
function cluster(...hosts: readonly string[]): PlacementEngine {
  const engine = placementEngine();
  for (const text of hosts) {
    const [id = '', zone = '', cpu = '1000', memory = '1000'] = text.split(':');
    engine.addHost(id, {
      cpu: Number(cpu),
      memory: Number(memory),
      reservedTcpPorts: [],
      reservedUdpPorts: [],
      attributes: zone === '' ? [] : [{ name: 'ecs.availability-zone', value: zone }],
    });
  }
  return engine;
}

/** `spread(host)`, `binpack(cpu)`, `random`. */
function strategies(...texts: readonly string[]): readonly PlacementStrategy[] {
  return texts.map((text) => {
    const [name, field] = text.split(/[()]/);
    const type = name as NonNullable<PlacementStrategy['type']>;
    return field === undefined ? { type } : { type, field };
  });
}

function placed(engine: PlacementEngine, request: Partial<PlacementRequest>, random: () => number = first): string {
  const whole = { count: 1, demand: DEMAND, group: 'g', constraints: [], strategy: [], ...request };
  return engine.place(whole, random).hosts.join(' ');
}

describe('a strategy chooses', () => {
  test.each([
    ['no strategy: zones, then instances', ['a1:a', 'a2:a', 'b1:b'], [], 6, 'a1 b1 a2 b1 a1 b1'],
    ['no zones: instances in the order of registration', ['h1', 'h2', 'h3'], [], 4, 'h1 h2 h3 h1'],
    ['hosts without the attribute come last', ['x', 'a1:a', 'x2'], [], 3, 'a1 a1 a1'],
    ['spread over hosts', ['a1:a', 'a2:a', 'b1:b'], ['spread(instanceId)'], 4, 'a1 a2 b1 a1'],
    ['host is the same as instanceId', ['a1:a', 'a2:a', 'b1:b'], ['spread(host)'], 4, 'a1 a2 b1 a1'],
    [
      'spread over a zone alone',
      ['a1:a', 'a2:a', 'b1:b'],
      ['spread(attribute:ecs.availability-zone)'],
      4,
      'a1 b1 a1 b1',
    ],
    ['an attribute that nobody has', ['h1', 'h2'], ['spread(attribute:rack)', 'spread(host)'], 3, 'h1 h2 h1'],
    ['binpack takes the fullest that fits', ['h1', 'h2::300', 'h3::50'], ['binpack(cpu)'], 5, 'h2 h2 h2 h1 h1'],
    ['binpack by memory', ['h1::100:900', 'h2::900:200'], ['binpack(MEMORY)'], 4, 'h2 h2 h1'],
    [
      'zones first, then the fullest in the zone',
      ['a1:a', 'a2:a:500', 'b1:b', 'b2:b:400'],
      ['spread(attribute:ecs.availability-zone)', 'binpack(cpu)'],
      4,
      'b2 a2 b2 a2',
    ],
    [
      'three in a row',
      ['a1:a:900:500', 'a2:a:800:500', 'a3:a:800:400'],
      ['spread(attribute:ecs.availability-zone)', 'binpack(cpu)', 'binpack(memory)'],
      1,
      'a3',
    ],
    ['one that we do not know narrows nothing', ['h1', 'h2'], ['spread(moon)', 'tidy', 'spread(host)'], 2, 'h1 h2'],
  ])('%s', (_, hosts, strategy, count, expected) => {
    expect(placed(cluster(...hosts), { count, strategy: strategies(...strategy) })).toBe(expected);
  });

  test('spread counts the tasks of the group alone', () => {
    const engine = cluster('h1', 'h2');
    engine.reserve('h1', 't1', DEMAND, 'g');
    engine.reserve('h2', 't2', DEMAND, 'other');
    engine.reserve('h2', 't3', DEMAND, 'other');
    expect(placed(engine, { strategy: strategies('spread(host)') })).toBe('h2');
    expect(placed(engine, { strategy: strategies('spread(host)'), group: 'other' })).toBe('h1');
    engine.release('h1', 't1');
    expect(placed(engine, { strategy: strategies('spread(host)') })).toBe('h1');
  });

  test('a host that lost a task is next, whatever ran before', () => {
    const engine = cluster('h1', 'h2', 'h3');
    const hosts = ['h1', 'h2', 'h3'];
    for (const host of hosts) for (let i = 0; i < 3; i++) engine.reserve(host, `t${i}`, DEMAND, 'g');
    for (const lost of ['t0', 't1', 't2']) {
      engine.release('h3', lost);
      expect(placed(engine, { strategy: strategies('spread(host)') })).toBe('h3');
    }
    ['h3', 'h3', 'h2'].forEach((host, i) => engine.reserve(host, `again${i}`, DEMAND, 'g'));
    expect(placed(engine, { strategy: strategies('spread(host)') })).toBe('h3');
    engine.removeHost('h3');
    expect(placed(engine, { strategy: strategies('spread(host)') })).toBe('h1');
  });

  test('tasks on hosts that drain still count for their zone', () => {
    const engine = cluster('a1:a', 'a2:a', 'b1:b');
    engine.reserve('a1', 't1', DEMAND, 'g');
    engine.setAvailability('a1', true, false);
    expect(placed(engine, {})).toBe('b1');
  });

  test('a host that moves to another zone takes its tasks along', () => {
    const engine = cluster('a1:a', 'a2:a', 'b1:b');
    engine.reserve('a1', 't1', DEMAND, 'g');
    expect(placed(engine, {})).toBe('b1');
    const moved = { cpu: 1000, memory: 1000, reservedTcpPorts: [], reservedUdpPorts: [] };
    engine.updateHost('a1', { ...moved, attributes: [{ name: 'ecs.availability-zone', value: 'b' }] });
    expect(placed(engine, {})).toBe('a2');
  });

  test('random draws among what the strategies before it left over', () => {
    const engine = cluster('a1:a', 'b1:b', 'b2:b', 'b3:b');
    engine.reserve('a1', 't', DEMAND, 'g');
    const strategy = strategies('spread(attribute:ecs.availability-zone)', 'random', 'binpack(cpu)');
    expect([0, 0.34, 0.67, 0.999].map((drawn) => placed(engine, { strategy }, () => drawn))).toEqual([
      'b1',
      'b2',
      'b3',
      'b3',
    ]);
    const random = seededRandom(seedFromText('ranking'));
    const drawn = new Map<string, number>();
    for (let i = 0; i < 4000; i++) {
      const host = placed(engine, { strategy: strategies('random') }, random);
      drawn.set(host, (drawn.get(host) ?? 0) + 1);
    }
    for (const host of ['a1', 'b1', 'b2', 'b3']) expect(Math.abs((drawn.get(host) ?? 0) - 1000)).toBeLessThan(150);
  });

  test('random never draws a host that refuses, and fails when all do', () => {
    const engine = cluster('h1', 'h2', 'h3', 'h4');
    const constraints = [{ type: 'distinctInstance' } as const];
    const random = seededRandom(seedFromText('distinct'));
    for (const strategy of [strategies('random'), strategies('spread(host)', 'random')]) {
      expect(placed(engine, { count: 9, constraints, strategy }, random).split(' ').sort()).toEqual([
        'h1',
        'h2',
        'h3',
        'h4',
      ]);
    }
  });
});

describe('promises', () => {
  const zones = fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 12 });

  test('equal hosts differ by at most one task when spread over hosts', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 70 }),
        fc.integer({ min: 0, max: 300 }),
        fc.nat(9),
        (hosts, count, step) => {
          const engine = cluster(...Array.from({ length: hosts }, (_, i) => `h${i}::1000000:1000000`));
          const tasksOn = new Map<string, number>();
          for (let done = 0; done < count; done += step + 1) {
            const strategy = strategies('spread(instanceId)');
            const request = { count: step + 1, demand: DEMAND, group: 'g', constraints: [], strategy };
            engine.place(request, first).hosts.forEach((host, i) => {
              engine.reserve(host, `t${done}-${i}`, DEMAND, 'g');
              tasksOn.set(host, (tasksOn.get(host) ?? 0) + 1);
            });
          }
          const counts = Array.from({ length: hosts }, (_, i) => tasksOn.get(`h${i}`) ?? 0);
          expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
        },
      ),
      { numRuns: 40 },
    );
  });

  test('zones differ by at most one task, hosts of a zone as well, when they have room', () => {
    fc.assert(
      fc.property(zones, fc.integer({ min: 0, max: 60 }), (zoneOf, count) => {
        const engine = cluster(...zoneOf.map((zone, i) => `h${i}:${zone}:1000000:1000000`));
        const { hosts } = engine.place({ count, demand: DEMAND, group: 'g', constraints: [], strategy: [] }, first);
        const perZone = [...new Set(zoneOf)].map((zone) => hosts.filter((id) => zoneOf[Number(id.slice(1))] === zone));
        const sizes = perZone.map((some) => some.length);
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
        for (const [i, zone] of [...new Set(zoneOf)].entries()) {
          const perHost = zoneOf.flatMap((other, host) =>
            other === zone ? [perZone[i]?.filter((id) => id === `h${host}`).length ?? 0] : [],
          );
          expect(Math.max(...perHost) - Math.min(...perHost)).toBeLessThanOrEqual(1);
        }
      }),
      { numRuns: 60 },
    );
  });

  test('binpack fills one host before it starts the next', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 8 }),
        fc.constantFrom('cpu', 'memory'),
        fc.integer({ min: 1, max: 60 }),
        (sizes, resource, count) => {
          const engine = cluster(...sizes.map((tasks, i) => `h${i}::${tasks * 100}:${tasks * 100}`));
          const strategy = strategies(`binpack(${resource})`);
          const { hosts } = engine.place({ count, demand: DEMAND, group: 'g', constraints: [], strategy }, first);
          const room = sizes.reduce((sum, tasks) => sum + tasks, 0);
          expect(hosts).toHaveLength(Math.min(count, room));
          const started = [...new Set(hosts)];
          for (const host of started.slice(0, -1)) {
            expect(hosts.filter((id) => id === host)).toHaveLength(sizes[Number(host.slice(1))] ?? 0);
          }
          // The smallest is the fullest.
          const inOrder = started.map((host) => sizes[Number(host.slice(1))] ?? 0);
          expect(inOrder).toEqual([...inOrder].sort((a, b) => a - b));
        },
      ),
      { numRuns: 60 },
    );
  });
});
