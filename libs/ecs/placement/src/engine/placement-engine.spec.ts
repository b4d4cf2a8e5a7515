import { describe, expect, test } from '@jest/globals';
import { canonicalJson, InvariantBroken } from '#libs/kernel';
import type { HostDescription, TaskDemand } from '../types.ts';
import { placementEngine } from './placement-engine.ts';

const HOST: HostDescription = {
  cpu: 1000,
  memory: 1000,
  reservedTcpPorts: [2375, 22],
  reservedUdpPorts: [],
  attributes: [],
};
const DEMAND: TaskDemand = { cpu: 400, memory: 100, tcpPorts: [80], udpPorts: [53], requiresAttributes: [] };
const noPorts: TaskDemand = { ...DEMAND, tcpPorts: [], udpPorts: [] };

describe('the engine keeps account', () => {
  test('of what is taken and given back', () => {
    const engine = placementEngine();
    engine.addHost('h', HOST);
    const before = engine.remaining('h');
    engine.reserve('h', 't1', DEMAND, 'g');
    engine.reserve('h', 't2', noPorts, 'g');
    expect(engine.remaining('h')).toEqual({
      cpu: 200,
      memory: 800,
      usedTcpPorts: [22, 80, 2375],
      usedUdpPorts: [53],
      devices: {},
    });
    engine.release('h', 't1');
    engine.release('h', 't2');
    expect(engine.remaining('h')).toEqual(before);
    expect(engine.remaining('other')).toBeUndefined();
  });

  test('of a host that comes back with other resources, below zero if it must', () => {
    const engine = placementEngine();
    engine.addHost('h', HOST);
    engine.reserve('h', 't1', DEMAND, 'g');
    engine.updateHost('h', { ...HOST, cpu: 300, memory: 2000, reservedTcpPorts: [80] });
    expect(engine.remaining('h')).toEqual({
      cpu: -100,
      memory: 1900,
      usedTcpPorts: [80],
      usedUdpPorts: [53],
      devices: {},
    });
    expect(engine.refusalOf('h', { demand: { ...noPorts, cpu: 0 }, group: 'g', constraints: [] })).toEqual({
      reason: 'RESOURCE:CPU',
    });
    engine.release('h', 't1');
    expect(engine.remaining('h')).toEqual({
      cpu: 300,
      memory: 2000,
      usedTcpPorts: [80],
      usedUdpPorts: [],
      devices: {},
    });
  });

  test('of hosts that take the place of others', () => {
    const engine = placementEngine();
    for (let i = 0; i < 200; i++) engine.addHost(`h${i}`, HOST);
    for (let i = 0; i < 200; i++) engine.reserve(`h${i}`, `t${i}`, DEMAND, 'g');
    for (let i = 0; i < 200; i += 2) engine.removeHost(`h${i}`);
    for (let i = 200; i < 400; i++) engine.addHost(`h${i}`, HOST);
    expect(engine.remaining('h398')).toMatchObject({ cpu: 1000, usedUdpPorts: [] });
    expect(engine.remaining('h1')).toMatchObject({ cpu: 600, usedUdpPorts: [53] });
    const constraints = [
      { type: 'distinctInstance' },
      { type: 'memberOf', expression: 'runningTasksCount == 0' },
    ] as const;
    const request = { count: 999, demand: noPorts, group: 'g', constraints, strategy: [] };
    const { hosts } = engine.place(request, () => 0);
    expect(hosts).toEqual(Array.from({ length: 200 }, (_, i) => `h${i + 200}`));
  });

  test.each([
    ['an unknown host', (engine) => engine.reserve('other', 't2', noPorts, 'g')],
    ['a task twice', (engine) => engine.reserve('h', 't1', noPorts, 'g')],
    ['CPU that is not free', (engine) => engine.reserve('h', 't2', { ...noPorts, cpu: 601 }, 'g')],
    ['memory that is not free', (engine) => engine.reserve('h', 't2', { ...noPorts, memory: 901 }, 'g')],
    ['half a CPU unit', (engine) => engine.reserve('h', 't2', { ...noPorts, cpu: 0.5 }, 'g')],
    ['less than nothing', (engine) => engine.reserve('h', 't2', { ...noPorts, memory: -1 }, 'g')],
    ['a port of another task', (engine) => engine.reserve('h', 't2', { ...noPorts, udpPorts: [53] }, 'g')],
    ['a reserved port', (engine) => engine.reserve('h', 't2', { ...noPorts, tcpPorts: [2375] }, 'g')],
    ['the release of an unknown task', (engine) => engine.release('h', 't2')],
    ['the release on an unknown host', (engine) => engine.release('other', 't1')],
    ['a host twice', (engine) => engine.addHost('h', HOST)],
    ['a host with half a MiB', (engine) => engine.addHost('h2', { ...HOST, memory: 0.5 })],
    ['a host that cannot be counted', (engine) => engine.addHost('h2', { ...HOST, cpu: 2 ** 31 })],
    ['a change to half a MiB', (engine) => engine.updateHost('h', { ...HOST, memory: 0.5 })],
    ['a change of an unknown host', (engine) => engine.updateHost('other', HOST)],
    ['the end of an unknown host', (engine) => engine.removeHost('other')],
    ['the availability of an unknown host', (engine) => engine.setAvailability('other', true, true)],
  ] as readonly (readonly [string, (engine: ReturnType<typeof placementEngine>) => void])[])(
    'and breaks loudly on %s, with nothing changed',
    (_, act) => {
      const engine = placementEngine();
      engine.addHost('h', HOST);
      engine.reserve('h', 't1', DEMAND, 'g');
      const before = engine.remaining('h');
      expect(() => act(engine)).toThrow(InvariantBroken);
      expect(engine.remaining('h')).toEqual(before);
      engine.release('h', 't1');
      expect(engine.remaining('h')).toMatchObject({ cpu: 1000, memory: 1000 });
    },
  );

  test('and gives back what it tried when the source of randomness fails', () => {
    const engine = placementEngine();
    engine.addHost('h1', HOST);
    engine.addHost('h2', HOST);
    const draws = [0];
    const random = (): number => {
      const next = draws.pop();
      if (next === undefined) throw new Error('no more');
      return next;
    };
    const request = { count: 2, demand: DEMAND, group: 'g', constraints: [], strategy: [{ type: 'random' as const }] };
    expect(() => engine.place(request, random)).toThrow('no more');
    expect(engine.remaining('h1')).toMatchObject({ cpu: 1000, usedUdpPorts: [] });
  });

  test('and none of it is in the canonical text of a state', () => {
    const engine = placementEngine();
    const empty = canonicalJson({ engine });
    engine.addHost('h', HOST);
    engine.reserve('h', 't1', DEMAND, 'g');
    engine.place({ count: 1, demand: noPorts, group: 'g', constraints: [], strategy: [] }, () => 0);
    expect(canonicalJson({ engine })).toBe(empty);
    expect(empty).toBe('{"engine":{}}');
  });
});
