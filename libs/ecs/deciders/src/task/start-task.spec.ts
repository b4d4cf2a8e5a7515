import { describe, expect, test } from '@jest/globals';
import type { ClusterCommand } from '#libs/ecs/messages';
import { schedulerSaga } from '#libs/ecs/reconcile';
import { appContainer, ClusterUnderTest, resolved } from '../../spec/cluster-builder.ts';

const given = {
  hosts: (...ids: string[]) =>
    ids.reduce((cluster, id) => cluster.register(id), new ClusterUnderTest([schedulerSaga]).createCluster()),
};

describe('StartTask', () => {
  const start = (instanceIds: readonly string[], members: object = {}): ClusterCommand => ({
    type: 'StartTask',
    resolved: resolved(),
    instanceIds,
    ...members,
  });

  test('puts one task on each named instance', () => {
    const cluster = given.hosts('a', 'b');
    expect(cluster.submit(start(['a', 'b', 'a']))).toMatchObject({
      answer: { taskIds: [expect.any(String), expect.any(String), expect.any(String)], failures: [] },
    });
    expect([...cluster.state.tasks.values()].map(({ instanceId }) => instanceId)).toEqual(['a', 'b', 'a']);
  });

  test('tells why an instance takes none: unknown, deregistered, draining, disconnected, full', () => {
    const cluster = given.hosts('gone', 'drained', 'silent', 'full');
    cluster.accept({ type: 'DeregisterContainerInstance', instanceId: 'gone', force: false });
    cluster.accept({ type: 'UpdateContainerInstancesState', instanceIds: ['drained'], status: 'DRAINING' });
    cluster.accept({ type: 'ReportInstanceDisconnected', instanceId: 'silent', sessionId: 'silent-1' });
    cluster.accept(start(['full'], { resolved: resolved({ revision: 2, memory: '4096' }) }));
    expect(cluster.submit(start(['x', 'gone', 'drained', 'silent', 'full']))).toMatchObject({
      answer: {
        taskIds: [],
        failures: [
          { instanceId: 'x', reason: 'MISSING' },
          { instanceId: 'gone', reason: 'INACTIVE' },
          { instanceId: 'drained', reason: 'INACTIVE' },
          { instanceId: 'silent', reason: 'AGENT' },
          { instanceId: 'full', reason: 'RESOURCE:MEMORY' },
        ],
      },
    });
  });

  test('two tasks that take the same port: the second one finds it taken', () => {
    const cluster = given.hosts('a');
    const containerDefinitions = [
      appContainer({ portMappings: [{ containerPort: 80, hostPort: 80, protocol: 'tcp' }] }),
    ];
    expect(cluster.submit(start(['a', 'a'], { resolved: resolved({ containerDefinitions }) }))).toMatchObject({
      answer: { taskIds: [expect.any(String)], failures: [{ instanceId: 'a', reason: 'RESOURCE:PORTS' }] },
    });
  });

  test.each<[readonly string[], object, string]>([
    [[], {}, 'Container Instances cannot be empty.'],
    [Array.from({ length: 11 }, () => 'a'), {}, 'containerInstances can have at most 10 items.'],
  ])('refuses %j %j', (instanceIds, members, message) => {
    expect(given.hosts('a').submit(start(instanceIds, members))).toEqual({
      rejection: { code: 'InvalidParameter', message },
    });
  });

  test('refuses a startedBy that RunTask would take', () => {
    const startedBy = 'x'.repeat(37);
    expect(given.hosts('a').submit(start(['a'], { startedBy }))).toMatchObject({
      rejection: { code: 'InvalidParameter' },
    });
    expect(given.hosts('a').run({ startedBy }).taskIds).toHaveLength(1);
  });
});
