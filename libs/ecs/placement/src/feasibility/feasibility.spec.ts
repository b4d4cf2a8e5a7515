import { describe, expect, test } from '@jest/globals';
import type { PlacementConstraint } from '#libs/ecs/messages';
import { placementEngine } from '../engine/placement-engine.ts';
import { REFUSAL_DETAIL_CHARACTERS_MAX } from '../refusals.ts';
import type { HostDescription, PlacementEngine, TaskDemand } from '../types.ts';

const HOST: HostDescription = {
  cpu: 1024,
  memory: 512,
  reservedTcpPorts: [22],
  reservedUdpPorts: [53],
  devices: { GPU: 2 },
  attributes: [{ name: 'stack', value: 'prod' }, { name: 'ssd' }],
  agentVersion: '1.85.0',
  ec2InstanceId: 'i-1',
  registeredAt: 1_529_360_908_000,
};
const DEMAND: TaskDemand = { cpu: 128, memory: 64, tcpPorts: [], udpPorts: [], requiresAttributes: [] };
const distinctInstance: PlacementConstraint = { type: 'distinctInstance' };
const memberOf = (expression: string): PlacementConstraint => ({ type: 'memberOf', expression });
const first = (): number => 0;

/** Host `h` runs task `busy` of group `web`, which holds tcp port 80, udp port 80 and a GPU. */
function cluster(): PlacementEngine {
  const engine = placementEngine();
  engine.addHost('h', HOST);
  engine.reserve('h', 'busy', { ...DEMAND, tcpPorts: [80], udpPorts: [80], devices: { GPU: 1 } }, 'web');
  return engine;
}

interface Case {
  readonly demand?: Partial<TaskDemand>;
  readonly constraints?: readonly PlacementConstraint[];
  readonly group?: string;
  readonly connected?: boolean;
  readonly active?: boolean;
  readonly refusal: string | null;
  readonly detail?: string;
}

const cases: readonly (readonly [string, Case])[] = [
  ['nothing in the way', { refusal: null }],
  ['draining or deregistered', { active: false, connected: false, refusal: 'INACTIVE' }],
  ['agent gone', { connected: false, demand: { cpu: 9999 }, refusal: 'AGENT' }],
  ['all the CPU that is left', { demand: { cpu: 896, memory: 448 }, refusal: null }],
  ['more CPU than is left', { demand: { cpu: 897, memory: 9999 }, refusal: 'RESOURCE:CPU' }],
  ['more memory than is left', { demand: { memory: 449, tcpPorts: [22] }, refusal: 'RESOURCE:MEMORY' }],
  ['CPU that nothing can count', { demand: { cpu: 0.5 }, refusal: 'RESOURCE:CPU' }],
  ['less than no memory', { demand: { memory: -1 }, refusal: 'RESOURCE:MEMORY' }],
  ['a free port', { demand: { tcpPorts: [53], udpPorts: [22] }, refusal: null }],
  ['a port of another task', { demand: { tcpPorts: [81, 80] }, refusal: 'RESOURCE:PORTS' }],
  ['a udp port of another task', { demand: { udpPorts: [80] }, refusal: 'RESOURCE:PORTS' }],
  ['a reserved port', { demand: { tcpPorts: [22] }, refusal: 'RESOURCE:PORTS' }],
  ['a reserved udp port', { demand: { udpPorts: [53] }, refusal: 'RESOURCE:PORTS' }],
  ['one port twice', { demand: { tcpPorts: [81, 81] }, refusal: 'RESOURCE:PORTS' }],
  ['a free device', { demand: { devices: { GPU: 1 } }, refusal: null }],
  ['more devices than are free', { demand: { devices: { GPU: 2 } }, refusal: 'RESOURCE:GPU' }],
  [
    'a type of device that is not there',
    { demand: { devices: { NeuronDevice: 1 } }, refusal: 'RESOURCE:NeuronDevice' },
  ],
  ['a number of devices that is none', { demand: { devices: { GPU: NaN } }, refusal: 'RESOURCE:GPU' }],
  [
    'devices before attributes',
    { demand: { devices: { GPU: 2 }, requiresAttributes: [{ name: 'gpu' }] }, refusal: 'RESOURCE:GPU' },
  ],
  [
    'ports before attributes',
    { demand: { tcpPorts: [22], requiresAttributes: [{ name: 'gpu' }] }, refusal: 'RESOURCE:PORTS' },
  ],
  ['attributes that are there', { demand: { requiresAttributes: [...HOST.attributes] }, refusal: null }],
  ['an attribute of any value', { demand: { requiresAttributes: [{ name: 'stack' }] }, refusal: null }],
  [
    'an attribute that is absent',
    {
      demand: { requiresAttributes: [{ name: 'ssd' }, { name: 'gpu' }, { name: 'zone', value: 'a' }] },
      constraints: [memberOf('attribute:gpu exists')],
      refusal: 'ATTRIBUTE',
      detail: 'missing gpu, zone=a',
    },
  ],
  [
    'an attribute of another value',
    {
      demand: { requiresAttributes: [{ name: 'stack', value: 'test' }] },
      refusal: 'ATTRIBUTE',
      detail: 'missing stack=test',
    },
  ],
  ['an expression that is true', { constraints: [memberOf('attribute:stack == prod')], refusal: null }],
  [
    'one of two expressions that is false',
    {
      constraints: [distinctInstance, memberOf('attribute:ssd exists'), memberOf('attribute:stack == test')],
      group: 'web',
      refusal: 'MemberOf placement constraint unsatisfied',
      detail: 'attribute:stack == test',
    },
  ],
  [
    'an expression over tasks',
    {
      constraints: [memberOf('runningTasksCount == 0')],
      refusal: 'MemberOf placement constraint unsatisfied',
      detail: 'runningTasksCount == 0',
    },
  ],
  [
    'every fact of a host',
    {
      constraints: [
        memberOf('agentConnected == true and agentVersion >= 1.9 and ec2InstanceId == i-1'),
        memberOf('registeredAt == 2018-06-18T22:28:28Z and runningTasksCount == 1'),
        memberOf('task:group == web and task:group =~ w.b and not task:group == db'),
      ],
      refusal: null,
    },
  ],
  [
    'no expression at all, which nothing satisfies',
    {
      constraints: [{ type: 'memberOf' }],
      refusal: 'MemberOf placement constraint unsatisfied',
      detail: 'no expression',
    },
  ],
  [
    'a task of the group is there',
    {
      constraints: [distinctInstance],
      group: 'web',
      refusal: 'DistinctInstance placement constraint unsatisfied',
    },
  ],
  ['a task of another group is there', { constraints: [distinctInstance], group: 'db', refusal: null }],
  [
    'a constraint that we do not know',
    { constraints: [{ type: 'sameRack' as never }], refusal: 'sameRack placement constraint unsatisfied' },
  ],
];

describe('a host refuses a task', () => {
  test.each(cases)('%s', (_, { refusal, detail, demand, constraints = [], group = 'new', ...availability }) => {
    const { connected = true, active = true } = availability;
    const engine = cluster();
    engine.setAvailability('h', connected, active);
    const request = { demand: { ...DEMAND, ...demand }, constraints, group };
    const expected = refusal === null ? null : { reason: refusal, ...(detail !== undefined && { detail }) };
    expect(engine.refusalOf('h', request)).toEqual(expected);
    // A host that is not ACTIVE is not offered, so it is not listed either.
    const listed = refusal === null || refusal === 'INACTIVE' ? [] : [{ hostId: 'h', ...expected }];
    expect(engine.place({ ...request, count: 1, strategy: [] }, first)).toEqual({
      hosts: refusal === null ? ['h'] : [],
      refusals: listed,
    });
  });

  test('a host that nobody knows is missing', () => {
    expect(cluster().refusalOf('other', { demand: DEMAND, constraints: [], group: 'g' })).toEqual({
      reason: 'MISSING',
    });
  });

  test('a detail is cut, whatever a caller has written', () => {
    const requiresAttributes = Array.from({ length: 50 }, (_, i) => ({ name: `attribute-${i}` }));
    const request = { demand: { ...DEMAND, requiresAttributes }, constraints: [], group: 'g' };
    expect(cluster().refusalOf('h', request)?.detail).toHaveLength(REFUSAL_DETAIL_CHARACTERS_MAX);
  });

  test('devices come back with the task that held them', () => {
    const engine = cluster();
    const request = { demand: { ...DEMAND, devices: { GPU: 2 } }, constraints: [], group: 'g' };
    expect(engine.place({ ...request, count: 1, strategy: [] }, first).hosts).toEqual([]);
    engine.release('h', 'busy');
    expect(engine.place({ ...request, count: 2, strategy: [] }, first)).toEqual({
      hosts: ['h'],
      refusals: [{ hostId: 'h', reason: 'RESOURCE:GPU' }],
    });
    engine.reserve('h', 'gpus', request.demand, 'g');
    expect(engine.remaining('h')?.devices).toEqual({ GPU: 0 });
    expect(() => engine.reserve('h', 'more', { ...DEMAND, devices: { GPU: 1 } }, 'g')).toThrow('devices');
  });

  test('a refusal ends when its cause does', () => {
    const engine = cluster();
    const request = { demand: DEMAND, constraints: [memberOf('attribute:gpu exists')], group: 'g' };
    const place = (): readonly string[] => engine.place({ ...request, count: 1, strategy: [] }, first).hosts;
    expect(place()).toEqual([]);
    engine.updateHost('h', { ...HOST, attributes: [{ name: 'gpu' }] });
    expect(place()).toEqual(['h']);
    engine.setAvailability('h', false, true);
    expect(place()).toEqual([]);
    engine.setAvailability('h', true, true);
    expect(place()).toEqual(['h']);
    engine.removeHost('h');
    expect(place()).toEqual([]);
    engine.addHost('h', HOST);
    expect(place()).toEqual([]);
  });

  test('the tasks of one request see those before them', () => {
    const engine = placementEngine();
    engine.addHost('a', HOST);
    engine.addHost('b', HOST);
    const place = (demand: Partial<TaskDemand>, constraints: readonly PlacementConstraint[] = []): unknown =>
      engine.place({ count: 5, demand: { ...DEMAND, ...demand }, group: 'g', constraints, strategy: [] }, first);
    expect(place({ tcpPorts: [80] })).toEqual({
      hosts: ['a', 'b'],
      refusals: [
        { hostId: 'a', reason: 'RESOURCE:PORTS' },
        { hostId: 'b', reason: 'RESOURCE:PORTS' },
      ],
    });
    expect(place({}, [distinctInstance])).toMatchObject({ hosts: ['a', 'b'] });
    expect(place({}, [memberOf('runningTasksCount < 2')])).toMatchObject({ hosts: ['a', 'b', 'a', 'b'] });
    expect(place({}, [memberOf('task:group !~ g')])).toMatchObject({ hosts: ['a', 'b'] });
    expect(place({ memory: 256 })).toMatchObject({ hosts: ['a', 'b', 'a', 'b'] });
    // Nothing of all that was reserved.
    expect(engine.remaining('a')).toEqual({
      cpu: 1024,
      memory: 512,
      usedTcpPorts: [22],
      usedUdpPorts: [53],
      devices: { GPU: 2 },
    });
  });

  test('no host, no refusal; no task, no host', () => {
    const request = { demand: DEMAND, group: 'g', constraints: [], strategy: [] };
    expect(placementEngine().place({ ...request, count: 1 }, first)).toEqual({ hosts: [], refusals: [] });
    expect(cluster().place({ ...request, count: 0 }, first)).toEqual({ hosts: [], refusals: [] });
  });

  test('more kinds of requests than are remembered change no answer', () => {
    const engine = cluster();
    for (let round = 0; round < 2; round++) {
      for (let i = 0; i < 300; i++) {
        const constraints = [memberOf(`attribute:stack == prod and attribute:n${i} !exists`)];
        const request = { count: 1, demand: DEMAND, group: 'g', constraints, strategy: [] };
        expect(engine.place(request, first).hosts).toEqual(['h']);
      }
    }
  });
});
