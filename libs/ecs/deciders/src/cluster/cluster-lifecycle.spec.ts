import { describe, expect, test } from '@jest/globals';
import { arns } from '#libs/ecs/messages';
import type { ClusterCommand } from '#libs/ecs/messages';
import { schedulerSaga } from '#libs/ecs/reconcile';
import { CLUSTER, ClusterUnderTest, LOCALE, resolved, runTask, SHARD } from '../../spec/cluster-builder.ts';

const create: ClusterCommand = {
  type: 'CreateCluster',
  clusterName: CLUSTER,
  clusterArn: arns.cluster(LOCALE, CLUSTER),
};
const tag = (key: string) => ({ key, value: '' });
const NOT_FOUND = { rejection: { code: 'ClusterNotFound', message: 'Cluster not found.' } };

const given = {
  nothing: () => new ClusterUnderTest([schedulerSaga]),
  cluster: () => given.nothing().createCluster(),
  instance: () => given.cluster().register('host'),
  deleted: () => {
    const cluster = given.cluster();
    cluster.accept({ type: 'DeleteCluster' });
    return cluster;
  },
};

describe('CreateCluster', () => {
  test('makes an ACTIVE cluster with the default setting', () => {
    expect(given.nothing().submit(create)).toMatchObject({
      events: [
        {
          type: 'ClusterCreated',
          clusterName: CLUSTER,
          settings: [{ name: 'containerInsights', value: 'disabled' }],
          capacityProviders: [],
          defaultCapacityProviderStrategy: [],
          tags: [],
        },
      ],
    });
  });

  const tags = [
    { key: 'team', value: 'a' },
    { key: 'stage', value: 'b' },
  ];
  const enhanced = [{ name: 'containerInsights', value: 'enhanced' }];
  const given2 = { ...create, tags, settings: enhanced, capacityProviders: ['FARGATE'] } as ClusterCommand;
  test.each<[string, ClusterCommand]>([
    ['nothing but the name', create],
    ['the same members', given2],
    ['some of them, in any order', { ...create, tags: tags.toReversed() } as ClusterCommand],
  ])('is a success that changes nothing while the cluster is ACTIVE: %s', (_, again) => {
    const cluster = given.nothing();
    cluster.accept(given2);
    expect(cluster.accept(again)).toEqual([]);
  });

  test.each<[string, object]>([
    ['other tags', { tags: [] }],
    ['another setting', { settings: [{ name: 'containerInsights', value: 'enabled' }] }],
    ['other providers', { capacityProviders: ['FARGATE_SPOT'] }],
    ['another configuration', { configuration: { executeCommandConfiguration: { logging: 'NONE' } } }],
  ])('is refused while the cluster is ACTIVE: %s', (_, members) => {
    const cluster = given.nothing();
    cluster.accept(given2);
    expect(cluster.submit({ ...create, ...members } as ClusterCommand)).toEqual({
      rejection: {
        code: 'InvalidParameter',
        message: 'Arguments on this idempotent request are inconsistent with arguments used in previous request(s).',
      },
    });
  });

  test('takes the providers that every account has, and fills the numbers of a strategy in', () => {
    const defaultCapacityProviderStrategy = [{ capacityProvider: 'FARGATE', weight: 1 }];
    const cluster = given.nothing();
    expect(
      cluster.accept({
        ...create,
        capacityProviders: ['FARGATE', 'FARGATE_SPOT'],
        defaultCapacityProviderStrategy,
      } as ClusterCommand),
    ).toMatchObject([{ defaultCapacityProviderStrategy: [{ capacityProvider: 'FARGATE', weight: 1, base: 0 }] }]);
    // Tasks that name no launch type are launched by it.
    const unfit = {
      rejection: { code: 'InvalidParameter', message: 'Task definition does not support launch_type FARGATE.' },
    };
    cluster.register('host');
    const service: ClusterCommand = {
      type: 'CreateService',
      serviceName: 'web',
      resolved: resolved(),
      desiredCount: 1,
    };
    expect(cluster.submit(runTask())).toEqual(unfit);
    expect(cluster.submit(service)).toEqual(unfit);
    expect(cluster.run({ launchType: 'EC2' }).failures).toEqual([]);
    expect(cluster.accept({ ...service, launchType: 'EC2' })).not.toEqual([]);
  });

  test('may use the name of a deleted cluster again', () => {
    const cluster = given.deleted();
    expect(cluster.submit(create)).toMatchObject({ events: [{ type: 'ClusterCreated' }] });
    expect(cluster.state.status).toBe('ACTIVE');
  });

  test.each<[string, Partial<Extract<ClusterCommand, { type: 'CreateCluster' }>>, string]>([
    ['a bad name', { clusterName: 'a.b' }, 'Cluster names have 1 to 255 letters, digits, hyphens and underscores.'],
    ['an unknown setting', { settings: [{ name: 'x' as never, value: 'y' }] }, "Invalid setting 'name'"],
    ['an unknown value', { settings: [{ name: 'containerInsights', value: 'on' }] }, "Invalid setting 'value'"],
    ['doubled tags', { tags: [tag('a'), tag('a')] }, 'Duplicate tag keys found: a.'],
    [
      'an unknown provider',
      { capacityProviders: ['mine'] },
      'The specified capacity provider was not found. Specify a valid name or ARN and try again.',
    ],
    [
      'providers without end',
      { capacityProviders: Array.from({ length: 21 }, () => 'FARGATE') },
      'A cluster can have at most 20 capacity providers.',
    ],
    [
      'a strategy of a provider that is not listed',
      { capacityProviders: ['FARGATE'], defaultCapacityProviderStrategy: [{ capacityProvider: 'FARGATE_SPOT' }] },
      'The specified capacity provider strategy cannot contain a capacity provider that is not associated with the ' +
        'cluster. Associate the capacity provider with the cluster and try again.',
    ],
    [
      'a configuration without end',
      { configuration: { executeCommandConfiguration: { kmsKeyId: 'x'.repeat(9_000) } } },
      'configuration length must be at most 8192.',
    ],
  ])('refuses %s', (_name, members, message) => {
    const cluster = given.nothing();
    expect(cluster.submit({ ...create, ...members } as ClusterCommand)).toEqual({
      rejection: { code: 'InvalidParameter', message },
    });
    expect(cluster.history).toEqual([]);
  });

  test.each<[string, object]>([
    ['serviceConnectDefaults', { serviceConnectDefaults: { namespace: 'shop' } }],
    ['managedStorageConfiguration', { configuration: { managedStorageConfiguration: { kmsKeyId: 'key' } } }],
  ])('refuses what nothing would act on: %s', (member, members) => {
    const refused = { rejection: { code: 'Unsupported', message: `${member} is not supported by this version.` } };
    expect(given.nothing().submit({ ...create, ...members } as ClusterCommand)).toEqual(refused);
    expect(given.cluster().submit({ type: 'UpdateCluster', ...members })).toEqual(refused);
  });

  test('takes region and account from the ARN', () => {
    const { state } = given.cluster();
    expect(state.locale).toEqual(LOCALE);
    expect(state.shard).toBe(SHARD);
  });
});

describe('UpdateCluster', () => {
  test('changes settings by name', () => {
    const settings = [{ name: 'containerInsights' as const, value: 'enhanced' }];
    const cluster = given.cluster();
    expect(cluster.submit({ type: 'UpdateCluster', settings })).toMatchObject({
      events: [{ type: 'ClusterUpdated', settings }],
    });
    expect(cluster.state.settings).toEqual(settings);
  });

  test('has nothing to do when nothing differs', () => {
    const cluster = given.cluster();
    const update: ClusterCommand = {
      type: 'UpdateCluster',
      configuration: { executeCommandConfiguration: { logging: 'DEFAULT' } },
      serviceConnectDefaults: { namespace: '' },
    };
    expect(cluster.accept(update)).toHaveLength(1);
    expect(cluster.accept(update)).toEqual([]);
    expect(cluster.accept({ type: 'UpdateCluster' })).toEqual([]);
  });

  test('refuses bad settings and unknown clusters', () => {
    expect(
      given.cluster().submit({ type: 'UpdateCluster', settings: [{ name: 'x' as never, value: 'y' }] }),
    ).toMatchObject({
      rejection: { code: 'InvalidParameter' },
    });
    expect(given.nothing().submit({ type: 'UpdateCluster' })).toEqual(NOT_FOUND);
    expect(given.deleted().submit({ type: 'UpdateCluster' })).toEqual({
      rejection: { code: 'ClientError', message: 'Cluster was not ACTIVE.' },
    });
  });
});

describe('DeleteCluster', () => {
  test('an empty one', () => {
    const cluster = given.cluster();
    expect(cluster.submit({ type: 'DeleteCluster' })).toMatchObject({ events: [{ type: 'ClusterDeleted' }] });
    expect(cluster.state.status).toBe('INACTIVE');
  });

  test('not while instances are registered', () => {
    expect(given.instance().submit({ type: 'DeleteCluster' })).toEqual({
      rejection: {
        code: 'ClusterContainsContainerInstances',
        message: 'The Cluster cannot be deleted while Container Instances are active or draining.',
      },
    });
  });

  test('but with stopped tasks of an instance that is gone', () => {
    const cluster = given.instance();
    cluster.runOne();
    cluster.accept({ type: 'DeregisterContainerInstance', instanceId: 'host', force: true });
    expect(cluster.accept({ type: 'DeleteCluster' })).toHaveLength(1);
  });

  test('again is a success that changes nothing', () => {
    expect(given.nothing().submit({ type: 'DeleteCluster' })).toEqual(NOT_FOUND);
    expect(given.deleted().accept({ type: 'DeleteCluster' })).toEqual([]);
  });

  test('not with an ACTIVE service, but with one that is DRAINING and has no task', () => {
    const cluster = given.cluster();
    cluster.accept({ type: 'CreateService', serviceName: 'web', resolved: resolved(), desiredCount: 0 });
    expect(cluster.submit({ type: 'DeleteCluster' })).toEqual({
      rejection: {
        code: 'ClusterContainsServices',
        message: 'The Cluster cannot be deleted while Services are active.',
      },
    });
    cluster.accept({ type: 'DeleteService', serviceName: 'web', force: false });
    expect(cluster.accept({ type: 'DeleteCluster' })).toMatchObject([
      { type: 'ServiceDeleted', serviceName: 'web' },
      { type: 'ClusterDeleted' },
    ]);
    cluster.accept(create);
    expect(cluster.submit({ type: 'UpdateService', serviceName: 'web', desiredCount: 1 })).toMatchObject({
      rejection: { code: 'ServiceNotFound' },
    });
  });
});

describe('tags of a cluster resource', () => {
  const tags = [{ key: 'team', value: 'a' }];

  test.each<
    [string, (cluster: ClusterUnderTest) => Extract<ClusterCommand, { type: 'TagClusterResource' }>['resource']]
  >([
    ['cluster', () => ({ kind: 'cluster' })],
    ['container instance', () => ({ kind: 'container-instance', id: 'host' })],
    ['task', (cluster) => ({ kind: 'task', id: cluster.runOne().taskId })],
  ])('are added, overwritten and taken away: %s', (_name, of) => {
    const cluster = given.instance();
    const resource = of(cluster);
    const tag: ClusterCommand = { type: 'TagClusterResource', resource, tags };
    // Its host has to know.
    const sent = resource.kind === 'task' ? { isSent: true } : {};
    expect(cluster.accept(tag)).toEqual([{ type: 'ClusterResourceTagged', v: 1, resource, tags, ...sent }]);
    expect(cluster.accept(tag)).toEqual([]);
    expect(cluster.accept({ ...tag, tags: [{ key: 'team', value: 'b' }] })).toHaveLength(1);
    const untag: ClusterCommand = { type: 'UntagClusterResource', resource, tagKeys: ['team', 'x'] };
    expect(cluster.accept(untag)).toEqual([
      { type: 'ClusterResourceUntagged', v: 1, resource, tagKeys: ['team', 'x'], ...sent },
    ]);
    expect(cluster.accept(untag)).toEqual([]);
  });

  test('are refused for what is unknown, reserved or too many', () => {
    const cluster = given.cluster();
    const cases: readonly [ClusterCommand, string][] = [
      [{ type: 'TagClusterResource', resource: { kind: 'task', id: 'x' }, tags }, 'ResourceNotFound'],
      [{ type: 'UntagClusterResource', resource: { kind: 'service', name: 'x' }, tagKeys: [] }, 'ResourceNotFound'],
      [{ type: 'TagClusterResource', resource: { kind: 'cluster' }, tags: [tag('aws:x')] }, 'InvalidParameter'],
      [{ type: 'UntagClusterResource', resource: { kind: 'cluster' }, tagKeys: ['aws:x'] }, 'InvalidParameter'],
      [
        {
          type: 'TagClusterResource',
          resource: { kind: 'cluster' },
          tags: Array.from({ length: 51 }, (_, i) => tag(`k${i}`)),
        },
        'InvalidParameter',
      ],
    ];
    for (const [command, code] of cases) expect(cluster.submit(command)).toMatchObject({ rejection: { code } });
    expect(given.nothing().submit({ type: 'TagClusterResource', resource: { kind: 'cluster' }, tags })).toEqual(
      NOT_FOUND,
    );
    expect(
      given.nothing().submit({ type: 'UntagClusterResource', resource: { kind: 'cluster' }, tagKeys: [] }),
    ).toEqual(NOT_FOUND);
  });
});

describe('the shard', () => {
  test('refuses a command that nobody knows and stops at a fact that nobody knows', () => {
    const cluster = given.cluster();
    expect(cluster.submit(JSON.parse('{"type":"toString"}') as ClusterCommand)).toEqual({
      rejection: { code: 'ClientError', message: 'Unknown command: toString.' },
    });
    expect(() => cluster.decider.evolve(cluster.state, JSON.parse('{"type":"valueOf","v":1}'), 0)).toThrow(
      'unknown to this version',
    );
  });

  test('knows its term, which only grows', () => {
    const { decider, state } = given.nothing();
    decider.evolve(state, decider.termStarted(3), 0);
    expect(state.term).toBe(3);
    expect(() => decider.evolve(state, decider.termStarted(3), 0)).toThrow('term 3 follows term 3');
  });
});
