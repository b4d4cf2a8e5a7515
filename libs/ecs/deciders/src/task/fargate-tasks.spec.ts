import { describe, expect, test } from '@jest/globals';
import type { RunTask } from '#libs/ecs/messages';
import { resolved, runTask } from '../../spec/cluster-builder.ts';
import type { ClusterUnderTest } from '../../spec/cluster-builder.ts';
import { byStrategy, FARGATE_DEFINITION, fargateCluster, host, NETWORK, onFargate } from '../../spec/fargate.ts';

const given = {
  noHost: fargateCluster,
  pool: (...zones: string[]) =>
    zones.reduce((cluster, zone, i) => cluster.register(`pool-${i + 1}`, host(zone, ['FARGATE'])), fargateCluster()),
  localHost: () => fargateCluster().register('local', host('a', ['EC2', 'EXTERNAL', 'FARGATE'])),
};

const hostsOf = (cluster: ClusterUnderTest, members: Partial<RunTask>): readonly (string | null)[] =>
  cluster.run(members).taskIds.map((taskId) => cluster.task(taskId).instanceId);

describe('RunTask on FARGATE', () => {
  test('records the platform and the storage, takes the size of the task, and says so to the agent', () => {
    const cluster = given.pool('a');
    const outcome = cluster.submit(runTask(onFargate()));
    expect(outcome).toMatchObject({
      events: [
        { type: 'TaskDefinitionImported' },
        {
          type: 'TasksRequested',
          template: { launchType: 'FARGATE', platformVersion: '1.4.0', ephemeralStorageGiB: 20 },
          resources: { cpu: 256, memory: 512, tcpPorts: [], udpPorts: [] },
        },
        { type: 'TasksPlaced', placements: [{ containerInstanceId: 'pool-1' }] },
      ],
      effects: [
        { kind: 'assign', task: { launchType: 'FARGATE', ephemeralStorageGiB: 20, cpu: '256', memory: '512' } },
      ],
      answer: { failures: [] },
    });
    expect(cluster.state.placement.remaining('pool-1')).toMatchObject({ cpu: 2048 - 256, memory: 4096 - 512 });
  });

  test('goes to hosts that take it, beside what else is there', () => {
    const cluster = given.pool('a').register('plain');
    expect(hostsOf(cluster, onFargate({ count: 10 }))).toEqual([...Array<string>(8).fill('pool-1')]);
    expect(hostsOf(cluster, { count: 2 })).toEqual(['plain', 'plain']);
    const local = given.localHost();
    expect(hostsOf(local, onFargate())).toEqual(['local']);
    expect(hostsOf(local, {})).toEqual(['local']);
    expect(local.state.placement.remaining('local')).toMatchObject({ cpu: 2048 - 512, memory: 4096 - 1024 });
  });

  test('spreads over zones, then fills hosts up, the same way every time', () => {
    const hosts = () =>
      fargateCluster()
        .register('a-large', host('a', ['FARGATE'], { memory: 8192 }))
        .register('a-small', host('a', ['FARGATE'], { memory: 1024 }))
        .register('b', host('b', ['FARGATE']));
    expect(hostsOf(hosts(), onFargate({ count: 6 }))).toEqual(['a-small', 'b', 'a-small', 'b', 'b', 'a-large']);
    expect(hostsOf(hosts(), onFargate({ count: 6 }))).toEqual(hostsOf(hosts(), onFargate({ count: 6 })));
  });

  test.each([
    ['LATEST', {}, { platformVersion: '1.4.0' }],
    ['1.4.0', {}, { platformVersion: '1.4.0' }],
    ['LATEST', { ephemeralStorage: { sizeInGiB: 50 } }, { ephemeralStorageGiB: 50 }],
  ])('platform version %s, definition with %j', (platformVersion, members, template) => {
    const cluster = given.pool('a');
    const { events } = cluster.submit(
      runTask(onFargate({ platformVersion, resolved: resolved({ ...FARGATE_DEFINITION, ...members }) })),
    ) as { events: readonly object[] };
    expect(events).toContainEqual(
      expect.objectContaining({ type: 'TasksRequested', template: expect.objectContaining(template) }),
    );
  });

  test('takes public addresses, sizes and storage from the request', () => {
    const cluster = given.pool('a');
    const outcome = cluster.submit(
      runTask(
        onFargate({
          overrides: { cpu: '512', memory: '1 GB', ephemeralStorage: { sizeInGiB: 21 } },
          networkConfiguration: { awsvpcConfiguration: { subnets: ['s'], assignPublicIp: 'ENABLED' } },
        }),
      ),
    );
    // The agents of these hosts do not say that they can give more storage.
    expect(outcome).toMatchObject({
      events: [
        {},
        { resources: { cpu: 512, memory: 1024 }, template: { ephemeralStorageGiB: 21 } },
        { type: 'TaskPlacementFailed' },
      ],
      answer: {
        failures: [{ reason: 'ATTRIBUTE', detail: 'missing ecs.capability.extensible-ephemeral-storage' }],
      },
    });
  });

  const TOO_FEW = 'There are no capacity providers with a weight value greater than zero defined in the';
  test.each<[string, Partial<RunTask>, string, string]>([
    [
      'a definition that does not fit',
      onFargate({ resolved: resolved(), networkConfiguration: undefined as never }),
      'InvalidParameter',
      'Task definition does not support launch_type FARGATE.',
    ],
    [
      'no network',
      { resolved: resolved(FARGATE_DEFINITION), launchType: 'FARGATE' },
      'InvalidParameter',
      "Network Configuration must be provided when networkMode 'awsvpc' is specified.",
    ],
    [
      'constraints',
      onFargate({ placementConstraints: [{ type: 'distinctInstance' }] }),
      'InvalidParameter',
      'Placement constraints are not supported with FARGATE launch type.',
    ],
    [
      'strategies',
      onFargate({ placementStrategy: [{ type: 'random' }] }),
      'InvalidParameter',
      'Placement strategies are not supported with FARGATE launch type.',
    ],
    [
      'a platform version that is retired',
      onFargate({ platformVersion: '1.3.0' }),
      'PlatformUnknown',
      'The specified platform does not exist.',
    ],
    [
      'the platform version of Windows',
      onFargate({ platformVersion: '1.0.0' }),
      'PlatformUnknown',
      'The specified platform does not exist.',
    ],
    [
      'a platform version of another launch type',
      { platformVersion: 'LATEST' },
      'InvalidParameter',
      'The platform version must be null when specifying an EC2 launch type.',
    ],
    [
      'a size that Fargate does not have',
      onFargate({ overrides: { memory: '4096' } }),
      'InvalidParameter',
      'No Fargate configuration exists for given values: 256 CPU, 4096 memory. See the Amazon ECS documentation for the valid values.',
    ],
    [
      'storage that everybody has',
      onFargate({ overrides: { ephemeralStorage: { sizeInGiB: 20 } } }),
      'InvalidParameter',
      'EphemeralStorage size should be at least 21.',
    ],
    [
      'too much storage',
      onFargate({ overrides: { ephemeralStorage: { sizeInGiB: 201 } } }),
      'InvalidParameter',
      'EphemeralStorage size should be at most 200.',
    ],
    [
      'a public address without Fargate',
      {
        resolved: resolved(FARGATE_DEFINITION),
        networkConfiguration: { awsvpcConfiguration: { subnets: ['s'], assignPublicIp: 'ENABLED' } },
      },
      'InvalidParameter',
      'Assign public IP is not supported for this launch type.',
    ],
    [
      'EXTERNAL with a network of its own',
      onFargate({ launchType: 'EXTERNAL' }),
      'InvalidParameter',
      'Task definition does not support launch_type EXTERNAL.',
    ],
    [
      'managed instances',
      onFargate({ launchType: 'MANAGED_INSTANCES' }),
      'Unsupported',
      'The launch type MANAGED_INSTANCES is not supported by this version.',
    ],
    [
      'both ways to launch',
      { ...byStrategy({ capacityProvider: 'FARGATE', weight: 1 }), launchType: 'FARGATE' },
      'InvalidParameter',
      'You may choose a capacity provider or a launch type but not both.',
    ],
    [
      'an unknown capacity provider',
      byStrategy({ capacityProvider: 'mine', weight: 1 }),
      'InvalidParameter',
      'The specified capacity provider was not found. Specify a valid name or ARN and try again.',
    ],
    [
      'a capacity provider twice',
      byStrategy({ capacityProvider: 'FARGATE', weight: 1 }, { capacityProvider: 'FARGATE', weight: 2 }),
      'InvalidParameter',
      'The specified capacity provider strategy cannot contain a capacity provider twice.',
    ],
    [
      'two bases',
      byStrategy(
        { capacityProvider: 'FARGATE', weight: 1, base: 1 },
        { capacityProvider: 'FARGATE_SPOT', weight: 1, base: 1 },
      ),
      'InvalidParameter',
      'The specified capacity provider strategy cannot contain more than one capacity provider with a base value.',
    ],
    [
      'no weight',
      byStrategy({ capacityProvider: 'FARGATE' }, { capacityProvider: 'FARGATE_SPOT', weight: 0 }),
      'InvalidParameter',
      `${TOO_FEW} capacity provider strategy. At least one capacity provider must have a weight value greater than zero specified. ` +
        'Specify a valid capacity provider strategy and try again.',
    ],
    [
      'too many capacity providers',
      byStrategy(...Array.from({ length: 21 }, () => ({ capacityProvider: 'FARGATE', weight: 1 }))),
      'InvalidParameter',
      'The specified capacity provider strategy cannot contain more than 20 capacity providers.',
    ],
  ])('refuses %s', (_, members, code, message) => {
    const cluster = given.pool('a').register('plain');
    const before = cluster.history.length;
    expect(cluster.submit(runTask(members))).toEqual({ rejection: { code, message } });
    expect(cluster.history).toHaveLength(before);
  });

  test('refuses providers that the cluster does not list, and a default strategy that leads nowhere', () => {
    const none = fargateCluster({ capacityProviders: [] });
    expect(none.submit(runTask(byStrategy({ capacityProvider: 'FARGATE', weight: 1 })))).toMatchObject({
      rejection: { message: expect.stringContaining('not associated with the cluster') },
    });
    expect(none.run(onFargate()).failures).toMatchObject([{ reason: 'RESOURCE:FARGATE' }]);
    const weightless = fargateCluster({ defaultCapacityProviderStrategy: [{ capacityProvider: 'FARGATE' }] });
    expect(weightless.submit(runTask({ ...onFargate(), launchType: undefined as never }))).toMatchObject({
      rejection: { message: expect.stringContaining(`${TOO_FEW} default capacity provider strategy.`) },
    });
  });
});

describe('tasks of capacity providers', () => {
  const shares = (cluster: ClusterUnderTest, members: Partial<RunTask>): readonly (string | undefined)[] =>
    cluster.run(members).taskIds.map((taskId) => cluster.task(taskId).template.capacityProviderName);

  test('are divided by base and weight, one fact for each provider', () => {
    const cluster = given.pool('a', 'b');
    const strategy = byStrategy(
      { capacityProvider: 'FARGATE', weight: 1, base: 2 },
      { capacityProvider: 'arn:aws:ecs:us-east-1:123456789012:capacity-provider/FARGATE_SPOT', weight: 3 },
    );
    expect(shares(cluster, { ...strategy, count: 10 })).toEqual([
      ...Array<string>(4).fill('FARGATE'),
      ...Array<string>(6).fill('FARGATE_SPOT'),
    ]);
    expect(cluster.history.filter(({ event }) => event.type === 'TasksRequested')).toHaveLength(2);
  });

  test('of the cluster where the request says nothing', () => {
    const defaults = [{ capacityProvider: 'FARGATE_SPOT', weight: 1 }];
    const cluster = fargateCluster({ defaultCapacityProviderStrategy: defaults }).register('p', host('a', ['FARGATE']));
    const { launchType: _launchType, ...neither } = onFargate();
    expect(shares(cluster, neither)).toEqual(['FARGATE_SPOT']);
    expect(shares(cluster, onFargate())).toEqual([undefined]);
  });

  test('are one answer for a token, whatever becomes of them', () => {
    const cluster = given.pool('a').register('pool-2', host('b', ['FARGATE'], { memory: 1024 }));
    const request = runTask({
      ...byStrategy({ capacityProvider: 'FARGATE', weight: 1 }, { capacityProvider: 'FARGATE_SPOT', weight: 1 }),
      clientToken: 'once',
      requestHash: 'hash',
      count: 10,
    });
    const first = cluster.submit(request);
    expect(cluster.submit(request)).toMatchObject({ events: [], answer: 'answer' in first ? first.answer : null });
    expect(cluster.state.clientTokens.get('once')).toMatchObject({ tasksKept: 10, failures: [] });
  });
});

describe('Fargate tasks without a place', () => {
  const NO_HOST =
    'no ACTIVE host of this cluster takes the launch type FARGATE; an agent with WAYBILL_LAUNCH_TYPES=FARGATE adds one';

  test.each<[string, ClusterUnderTest, Partial<RunTask>, object]>([
    ['no host', given.noHost(), {}, { reason: 'RESOURCE:FARGATE', detail: NO_HOST }],
    ['hosts of other kinds', fargateCluster().register('plain'), {}, { reason: 'RESOURCE:FARGATE', detail: NO_HOST }],
    [
      'no room',
      given.pool('a', 'b').register('plain'),
      { resolved: resolved({ ...FARGATE_DEFINITION, cpu: '4096', memory: '8192' }) },
      { reason: 'RESOURCE:FARGATE', detail: 'RESOURCE:CPU on 2 of the hosts' },
    ],
    [
      'another architecture',
      given.pool('a', 'b'),
      { resolved: resolved({ ...FARGATE_DEFINITION, runtimePlatform: { cpuArchitecture: 'ARM64' } }) },
      { reason: 'ATTRIBUTE', detail: 'missing ecs.cpu-architecture=arm64' },
    ],
    [
      'something that no agent can do',
      given.pool('a'),
      { resolved: resolved({ ...FARGATE_DEFINITION, requiresAttributes: [{ name: 'ecs.capability.efs' }] }) },
      { reason: 'ATTRIBUTE', detail: 'missing ecs.capability.efs' },
    ],
  ])('for %s: one failure without an instance', (_, cluster, members, failure) => {
    expect(cluster.run(onFargate({ count: 3, ...members }))).toEqual({
      taskIds: [],
      failures: [{ instanceId: null, ...failure }],
    });
  });

  test('go where a host begins to take them', () => {
    const cluster = fargateCluster().register('plain');
    expect(cluster.run(onFargate()).failures).toHaveLength(1);
    cluster.register('plain', { launchTypes: ['FARGATE'], sessionId: 'plain-2' });
    expect(hostsOf(cluster, onFargate())).toEqual(['plain']);
    cluster.register('plain', { sessionId: 'plain-3' });
    expect(cluster.run(onFargate({ networkConfiguration: NETWORK })).failures).toHaveLength(1);
  });
});

describe('EXTERNAL tasks', () => {
  test('go to hosts that take them', () => {
    const cluster = fargateCluster()
      .register('ec2', { launchTypes: ['EC2'] })
      .register('external', { launchTypes: ['EXTERNAL'] });
    expect(hostsOf(cluster, { launchType: 'EXTERNAL', count: 2 })).toEqual(['external', 'external']);
    expect(hostsOf(cluster, { launchType: 'EC2', count: 2 })).toEqual(['ec2', 'ec2']);
    const start = cluster.submit({ type: 'StartTask', resolved: resolved(), instanceIds: ['external'] });
    expect(start).toMatchObject({ events: [{ template: { launchType: 'EXTERNAL' } }, { type: 'TasksPlaced' }] });
    const mixed = cluster.submit({ type: 'StartTask', resolved: resolved(), instanceIds: ['external', 'ec2'] });
    expect(mixed).toMatchObject({
      answer: { failures: [{ instanceId: 'external', reason: 'ATTRIBUTE', detail: 'missing the launch type EC2' }] },
    });
  });
});
