import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { PlacementConstraint, PlacementStrategy } from '#libs/ecs/messages';
import { seededRandom, seedFromText } from '#libs/kernel';
import type { HostDescription, HostRemaining, PlacementEngine, PlacementRequest, TaskDemand } from '../types.ts';
import { placementEngine } from './placement-engine.ts';

/* A slow engine in which everything is plain to see; the fast one must do the same on any history. */

interface ModelHost {
  readonly id: string;
  description: HostDescription;
  connected: boolean;
  active: boolean;
  readonly tasks: Map<string, { readonly demand: TaskDemand; readonly group: string }>;
}

type Ask = Omit<PlacementRequest, 'count' | 'strategy'>;
type Random = () => number;

const ZONE = 'ecs.availability-zone';
/** Expressions and what they say, without the query language. */
const EXPRESSIONS: Readonly<Record<string, (host: ModelHost) => boolean>> = {
  'attribute:ecs.availability-zone != b': (host) => ![undefined, 'b'].includes(attribute(host, ZONE)),
  'runningTasksCount < 2': (host) => host.tasks.size < 2,
  'not(task:group == g0)': (host) => tasksOf(host, 'g0') === 0,
  'task:group !~ g[12]': (host) => tasksOf(host, 'g1') + tasksOf(host, 'g2') === 0,
};

class Model {
  hosts: ModelHost[] = [];

  find(id: string): ModelHost | undefined {
    return this.hosts.find((host) => host.id === id);
  }

  refusal(host: ModelHost, { demand, constraints, group, launchType = 'EC2' }: Ask): string | null {
    const { cpu, memory, usedTcpPorts, usedUdpPorts, devices } = remaining(host);
    const { attributes } = host.description;
    if (!takes(host, launchType)) return 'ATTRIBUTE';
    if (!host.active) return 'INACTIVE';
    if (!host.connected) return 'AGENT';
    if (demand.cpu > cpu) return 'RESOURCE:CPU';
    if (demand.memory > memory) return 'RESOURCE:MEMORY';
    if (demand.tcpPorts.some((port) => usedTcpPorts.includes(port))) return 'RESOURCE:PORTS';
    if (demand.udpPorts.some((port) => usedUdpPorts.includes(port))) return 'RESOURCE:PORTS';
    if ((demand.devices?.['GPU'] ?? 0) > (devices['GPU'] ?? 0)) return 'RESOURCE:GPU';
    if (demand.requiresAttributes.some(({ name }) => !attributes.some((has) => has.name === name))) return 'ATTRIBUTE';
    for (const { expression = '' } of constraints.filter(({ type }) => type === 'memberOf')) {
      if (EXPRESSIONS[expression]?.(host) !== true) return 'MemberOf placement constraint unsatisfied';
    }
    const distinct = constraints.some(({ type }) => type === 'distinctInstance');
    return distinct && tasksOf(host, group) > 0 ? 'DistinctInstance placement constraint unsatisfied' : null;
  }

  /** The hosts that may be chosen for the next task: one, unless chance decides. */
  best(ask: Ask, strategy: readonly PlacementStrategy[]): readonly ModelHost[] {
    let tied = this.hosts.filter((host) => this.refusal(host, ask) === null);
    const zoneTasks = new Map<string | undefined, number>();
    for (const host of this.hosts) {
      const zone = attribute(host, ZONE);
      zoneTasks.set(zone, (zoneTasks.get(zone) ?? 0) + tasksOf(host, ask.group));
    }
    for (const { type, field } of strategy.length === 0 ? DEFAULTS : strategy) {
      if (type === 'random') return tied;
      const keyOf = (host: ModelHost): number => {
        if (type === 'binpack') return field === 'cpu' ? remaining(host).cpu : remaining(host).memory;
        if (field === 'instanceId') return tasksOf(host, ask.group);
        const zone = attribute(host, ZONE);
        return zone === undefined ? Infinity : (zoneTasks.get(zone) ?? 0);
      };
      const least = Math.min(...tied.map(keyOf));
      tied = tied.filter((host) => keyOf(host) === least);
    }
    return tied.slice(0, 1);
  }
}

const DEFAULTS: readonly PlacementStrategy[] = [
  { type: 'spread', field: `attribute:${ZONE}` },
  { type: 'spread', field: 'instanceId' },
];

function attribute(host: ModelHost, name: string): string | undefined {
  return host.description.attributes.find((has) => has.name === name)?.value;
}

function takes({ description: { launchTypes } }: ModelHost, launchType: string): boolean {
  return launchTypes === undefined ? launchType !== 'FARGATE' : launchTypes.includes(launchType);
}

function tasksOf(host: ModelHost, group: string): number {
  let tasks = 0;
  for (const task of host.tasks.values()) if (task.group === group) tasks += 1;
  return tasks;
}

function remaining({ description, tasks }: ModelHost): HostRemaining {
  const demands = [...tasks.values()].map(({ demand }) => demand);
  const tcp = [...description.reservedTcpPorts, ...demands.flatMap(({ tcpPorts }) => tcpPorts)];
  const udp = [...description.reservedUdpPorts, ...demands.flatMap(({ udpPorts }) => udpPorts)];
  return {
    cpu: description.cpu - demands.reduce((sum, { cpu }) => sum + cpu, 0),
    memory: description.memory - demands.reduce((sum, { memory }) => sum + memory, 0),
    usedTcpPorts: [...new Set(tcp)].sort((a, b) => a - b),
    usedUdpPorts: [...new Set(udp)].sort((a, b) => a - b),
    devices:
      description.devices === undefined
        ? {}
        : {
            GPU: demands.reduce((free, { devices }) => free - (devices?.['GPU'] ?? 0), description.devices['GPU'] ?? 0),
          },
  };
}

/* What can happen to a cluster. */

const hostIds = fc.integer({ min: 0, max: 44 }).map((i) => `h${i}`);
const groups = fc.constantFrom('g0', 'g1', 'g2');
const ports = fc.subarray([80, 81, 443]);

const devices = (max: number): fc.Arbitrary<{ readonly devices?: Readonly<Record<string, number>> }> =>
  fc.oneof(
    { weight: 3, arbitrary: fc.constant({}) },
    fc.integer({ min: 1, max }).map((count) => ({ devices: { GPU: count } })),
  );

/** Most hosts say nothing; the others take some kinds of tasks, also Fargate's alone. */
const hostLaunchTypes = fc.oneof(
  { weight: 3, arbitrary: fc.constant({}) },
  fc.subarray(['EC2', 'EXTERNAL', 'FARGATE'], { minLength: 1 }).map((launchTypes) => ({ launchTypes })),
);
const hostFurther = fc.tuple(devices(4), hostLaunchTypes).map(([some, more]) => ({ ...some, ...more }));

const description: fc.Arbitrary<HostDescription> = recordWithFurther(hostFurther, {
  cpu: fc.integer({ min: 0, max: 12 }),
  memory: fc.integer({ min: 0, max: 12 }),
  reservedTcpPorts: fc.constantFrom([], [80]),
  reservedUdpPorts: fc.constantFrom([], [81]),
  attributes: fc
    .tuple(fc.constantFrom(undefined, 'a', 'b', 'c'), fc.boolean())
    .map(([zone, ssd]) => [
      ...(zone === undefined ? [] : [{ name: ZONE, value: zone }]),
      ...(ssd ? [{ name: 'ssd' }] : []),
    ]),
});

const demand: fc.Arbitrary<TaskDemand> = recordWithFurther(devices(2), {
  cpu: fc.integer({ min: 0, max: 5 }),
  memory: fc.integer({ min: 0, max: 5 }),
  tcpPorts: fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, ports),
  udpPorts: fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, ports),
  requiresAttributes: fc.constantFrom([], [], [{ name: 'ssd' }]),
});

function recordWithFurther<Members, Further extends object>(
  further: fc.Arbitrary<Further>,
  members: { [Name in keyof Members]: fc.Arbitrary<Members[Name]> },
) {
  return fc.tuple(fc.record(members), further).map(([some, more]) => ({ ...some, ...more }));
}

const constraint: fc.Arbitrary<PlacementConstraint> = fc.oneof(
  fc.constant({ type: 'distinctInstance' as const }),
  fc.constantFrom(...Object.keys(EXPRESSIONS)).map((expression) => ({ type: 'memberOf' as const, expression })),
);

const strategy: fc.Arbitrary<readonly PlacementStrategy[]> = fc.subarray(
  [...DEFAULTS, { type: 'binpack', field: 'cpu' }, { type: 'binpack', field: 'memory' }, { type: 'random' }],
  { maxLength: 4 },
);

const requestLaunchType = fc.constantFrom(
  {},
  {},
  { launchType: 'EC2' },
  { launchType: 'EXTERNAL' },
  { launchType: 'FARGATE' },
);

const request: fc.Arbitrary<PlacementRequest> = recordWithFurther(requestLaunchType, {
  count: fc.oneof({ weight: 9, arbitrary: fc.integer({ min: 0, max: 6 }) }, fc.constant(50)),
  demand,
  group: groups,
  constraints: fc.oneof({ weight: 2, arbitrary: fc.constant([]) }, fc.array(constraint, { maxLength: 2 })),
  strategy,
});

type Operation =
  | { readonly kind: 'add'; readonly hostId: string; readonly description: HostDescription }
  | { readonly kind: 'update'; readonly hostId: string; readonly description: HostDescription }
  | { readonly kind: 'remove'; readonly hostId: string }
  | { readonly kind: 'available'; readonly hostId: string; readonly connected: boolean; readonly active: boolean }
  /** Places, and keeps the first `kept` of the choices. */
  | { readonly kind: 'place'; readonly request: PlacementRequest; readonly kept: number }
  | { readonly kind: 'release'; readonly hostId: string; readonly which: number };

const operation: fc.Arbitrary<Operation> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('add'), hostId: hostIds, description }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('update'), hostId: hostIds, description }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('remove'), hostId: hostIds }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('available'),
      hostId: hostIds,
      connected: fc.boolean(),
      active: fc.boolean(),
    }),
  },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('place'), request, kept: fc.constantFrom(0, 1, 6, 50) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('release'), hostId: hostIds, which: fc.nat(5) }) },
);

/** Sometimes with enough large hosts from the start for a group to be on more of them than a map counts. */
const history: fc.Arbitrary<readonly Operation[]> = fc
  .tuple(
    fc.boolean(),
    fc.array(description, { minLength: 45, maxLength: 45 }),
    fc.array(operation, { maxLength: 40, size: 'max' }),
  )
  .map(([large, descriptions, acts]) => {
    const additions = descriptions.map((some, i): Operation => ({
      kind: 'add',
      hostId: `h${i}`,
      description: { ...some, cpu: 60, memory: 60 + i },
    }));
    return large ? [...additions, ...acts] : acts;
  });

/** Does it to both; what makes no sense (a host twice, an unknown one) is left out. @returns what the engine answered */
function perform(engine: PlacementEngine, model: Model, act: Operation, taskId: string, random: Random): unknown {
  if (act.kind === 'place') return performPlace(engine, model, act, taskId, random);
  const host = model.find(act.hostId);
  if (act.kind === 'add') {
    if (host !== undefined) return null;
    engine.addHost(act.hostId, act.description);
    model.hosts.push({ id: act.hostId, description: act.description, connected: true, active: true, tasks: new Map() });
    return null;
  }
  if (host === undefined) return null;
  switch (act.kind) {
    case 'update':
      engine.updateHost(host.id, act.description);
      host.description = act.description;
      return null;
    case 'remove':
      engine.removeHost(host.id);
      model.hosts.splice(model.hosts.indexOf(host), 1);
      return null;
    case 'available':
      engine.setAvailability(host.id, act.connected, act.active);
      host.connected = act.connected;
      host.active = act.active;
      return null;
    default: {
      const task = [...host.tasks.keys()][act.which];
      if (task !== undefined) engine.release(host.id, task);
      if (task !== undefined) host.tasks.delete(task);
      return task;
    }
  }
}

function performPlace(
  engine: PlacementEngine,
  model: Model,
  { request: asked, kept }: Extract<Operation, { kind: 'place' }>,
  taskId: string,
  random: Random,
): unknown {
  const result = engine.place(asked, random);
  // The model takes each choice before it judges the next, and gives back what is not kept.
  result.hosts.forEach((hostId, i) => {
    expect(model.best(asked, asked.strategy).map(({ id }) => id)).toContain(hostId);
    model.find(hostId)?.tasks.set(`${taskId}-${i}`, asked);
  });
  expect(result.hosts.length).toBeLessThanOrEqual(asked.count);
  const offered = model.hosts.filter((host) => host.active && takes(host, asked.launchType ?? 'EC2'));
  const refusals = offered.map((host) => ({ hostId: host.id, reason: model.refusal(host, asked) }));
  if (result.hosts.length < asked.count) expect(result.refusals).toEqual(refusals.map(expect.objectContaining));
  else expect(result.refusals).toEqual([]);
  result.hosts.forEach((hostId, i) => {
    if (i < kept) engine.reserve(hostId, `${taskId}-${i}`, asked.demand, asked.group);
    else model.find(hostId)?.tasks.delete(`${taskId}-${i}`);
  });
  return result;
}

describe('on any history the engine', () => {
  test('does what the obvious model does, never overcommits and gives a port to one owner only', () => {
    fc.assert(
      fc.property(history, request, fc.string(), (acts, probe, seed) => {
        const random = seededRandom(seedFromText(seed));
        const engine = placementEngine();
        const model = new Model();
        acts.forEach((act, i) => {
          perform(engine, model, act, `t${i}`, random);
          if (act.kind === 'add' && i < acts.length - 1) return;
          expect(
            model.hosts.map(({ id }) => [engine.remaining(id), engine.refusalOf(id, probe)?.reason ?? null]),
          ).toEqual(model.hosts.map((host) => [remaining(host), model.refusal(host, probe)]));
          // S7 and S8 by themselves. Only a host that came back smaller can have less than nothing left.
          const shrunk = acts.some(({ kind }) => kind === 'update');
          const broken = model.hosts.filter((host) => {
            const owned = [...host.tasks.values()].flatMap((task) => task.demand.tcpPorts);
            const { cpu, memory } = remaining(host);
            return new Set(owned).size < owned.length || (!shrunk && (cpu < 0 || memory < 0));
          });
          expect(broken).toEqual([]);
        });
      }),
      { numRuns: 60 },
    );
  });

  test('answers the same to the same operations with the same seed', () => {
    fc.assert(
      fc.property(history, fc.string(), (acts, seed) => {
        const answers = (): readonly unknown[] => {
          const random = seededRandom(seedFromText(seed));
          const engine = placementEngine();
          const model = new Model();
          return acts.map((act, i) => perform(engine, model, act, `t${i}`, random));
        };
        expect(answers()).toEqual(answers());
      }),
      { numRuns: 15 },
    );
  });

  test('is as before when everything that was reserved is released, in any order', () => {
    fc.assert(
      fc.property(
        fc.array(description, { minLength: 1, maxLength: 6 }),
        fc.array(request, { maxLength: 8 }),
        fc.array(request, { minLength: 1, maxLength: 4 }),
        fc.string(),
        (hosts, requests, probes, seed) => {
          const random = seededRandom(seedFromText(seed));
          const engine = placementEngine();
          hosts.forEach((host, i) => engine.addHost(`h${i}`, host));
          const look = (): unknown => [
            hosts.map((_, i) => engine.remaining(`h${i}`)),
            probes.map((probe) => engine.place(probe, () => 0.5)),
          ];
          const before = look();
          const placed = requests.flatMap((asked, r) =>
            engine.place(asked, random).hosts.map((hostId, i) => {
              engine.reserve(hostId, `t${r}-${i}`, asked.demand, asked.group);
              return { hostId, taskId: `t${r}-${i}` };
            }),
          );
          look();
          while (placed.length > 0) {
            const [next] = placed.splice(Math.floor(random() * placed.length), 1);
            if (next !== undefined) engine.release(next.hostId, next.taskId);
          }
          expect(look()).toEqual(before);
        },
      ),
      { numRuns: 60 },
    );
  });
});
