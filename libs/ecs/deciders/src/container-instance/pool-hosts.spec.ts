import { describe, expect, test } from '@jest/globals';
import type { ClusterCommand } from '#libs/ecs/messages';
import { schedulerSaga } from '#libs/ecs/reconcile';
import { ClusterUnderTest, registration, resolved, textOf } from '../../spec/cluster-builder.ts';

const given = {
  cluster: () => new ClusterUnderTest([schedulerSaga]).createCluster(),
  poolHost: () => given.cluster().register('pool', { launchTypes: ['FARGATE'] }),
};

const attribute = { name: 'stack', value: 'blue', instanceId: 'pool' };

describe('what a host takes', () => {
  test.each([
    ['is not recorded where it is what hosts take anyway', ['EXTERNAL', 'EC2'], {}],
    ['is recorded in one order, each once', ['FARGATE', 'EC2', 'FARGATE'], { launchTypes: ['EC2', 'FARGATE'] }],
  ] as const)('%s', (_, launchTypes, recorded) => {
    const [event] = given.cluster().accept(registration('host', { launchTypes }));
    expect(event).toMatchObject(recorded);
    expect(Object.keys(event ?? {}).includes('launchTypes')).toBe('launchTypes' in recorded);
  });

  test('is something', () => {
    expect(given.cluster().submit(registration('host', { launchTypes: [] }))).toMatchObject({
      rejection: { code: 'InvalidParameter' },
    });
  });

  test('changes with a session, and is back when a session says nothing', () => {
    const cluster = given.poolHost();
    expect(cluster.accept(registration('pool', { launchTypes: ['FARGATE'] }))).toEqual([]);
    expect(cluster.accept(registration('pool'))).toMatchObject([{ launchTypes: ['EC2', 'EXTERNAL'] }]);
    expect(cluster.run().failures).toEqual([]);
    expect(cluster.accept(registration('pool', { launchTypes: ['FARGATE'] }))).toMatchObject([
      { launchTypes: ['FARGATE'] },
    ]);
    expect(textOf(cluster.folded())).toBe(textOf(cluster.state));
    expect(textOf(cluster.reopened().state)).toBe(textOf(cluster.state));
  });
});

describe('a host that takes Fargate tasks alone is no container instance', () => {
  const refused: readonly (readonly [string, ClusterCommand, object])[] = [
    [
      'UpdateContainerInstancesState',
      { type: 'UpdateContainerInstancesState', instanceIds: ['pool'], status: 'DRAINING' },
      { answer: { instanceIds: [], failures: [{ instanceId: 'pool', reason: 'MISSING' }] }, events: [] },
    ],
    [
      'StartTask',
      { type: 'StartTask', resolved: resolved(), instanceIds: ['pool'] },
      { answer: { taskIds: [], failures: [{ instanceId: 'pool', reason: 'MISSING' }] } },
    ],
    ['PutAttributes', { type: 'PutAttributes', attributes: [attribute] }, { rejection: { code: 'TargetNotFound' } }],
    [
      'DeleteAttributes',
      { type: 'DeleteAttributes', attributes: [attribute] },
      { rejection: { code: 'TargetNotFound' } },
    ],
    [
      'TagResource',
      {
        type: 'TagClusterResource',
        resource: { kind: 'container-instance', id: 'pool' },
        tags: [{ key: 'a', value: 'b' }],
      },
      { rejection: { code: 'ResourceNotFound' } },
    ],
    [
      'RunTask',
      { type: 'RunTask', resolved: resolved(), count: 1 },
      { rejection: { message: 'No Container Instances were found in your cluster.' } },
    ],
  ];

  test.each(refused)('for %s', (_, command, outcome) => {
    expect(given.poolHost().submit(command)).toMatchObject(outcome);
  });

  test('beside one that is: its tasks go there', () => {
    const cluster = given.poolHost().register('host');
    expect(cluster.runOne().instanceId).toBe('host');
  });

  test('and is not drained by a person any more, who could not end that', () => {
    const cluster = given.cluster().register('pool');
    cluster.accept({ type: 'UpdateContainerInstancesState', instanceIds: ['pool'], status: 'DRAINING' });
    expect(cluster.accept(registration('pool', { launchTypes: ['FARGATE'], sessionId: 'pool-2' }))).toMatchObject([
      { type: 'ContainerInstanceConnected' },
      { type: 'ContainerInstanceStatusChanged', status: 'ACTIVE' },
    ]);
  });

  test('but can be drained by its agent', () => {
    const cluster = given.poolHost();
    cluster.accept({ type: 'DrainContainerInstance', instanceId: 'pool', sessionId: 'pool-1' });
    expect(cluster.instance('pool').status).toBe('DRAINING');
  });

  test('but can be taken away when it is lost', () => {
    const cluster = given.poolHost();
    cluster.accept({ type: 'DeregisterContainerInstance', instanceId: 'pool', force: true });
    expect(cluster.state.instances.size).toBe(0);
  });

  test('and ends with its cluster, which nobody could empty otherwise', () => {
    const cluster = given.poolHost();
    expect(cluster.accept({ type: 'DeleteCluster' })).toMatchObject([
      { type: 'ContainerInstanceDeregistered', containerInstanceId: 'pool' },
      { type: 'ClusterDeleted' },
    ]);
    cluster.createCluster();
    expect(cluster.submit(registration('pool', { launchTypes: ['FARGATE'] }))).toMatchObject({
      rejection: { code: 'InstanceInactive' },
    });
  });
});
