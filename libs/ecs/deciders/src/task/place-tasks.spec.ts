import { describe, expect, test } from '@jest/globals';
import type { ClusterCommand, RunTask } from '#libs/ecs/messages';
import { appContainer, ClusterUnderTest, resolved, RESOURCES } from '../../spec/cluster-builder.ts';

describe('PlaceTasks', () => {
  /** A cluster without a scheduler: requested tasks wait. */
  const waiting = (count: number): { cluster: ClusterUnderTest; taskIds: readonly string[] } => {
    const cluster = new ClusterUnderTest()
      .createCluster()
      .register('host')
      .register('small', {
        resources: { cpu: 300, memory: 600, reservedTcpPorts: [], reservedUdpPorts: [] },
      });
    return { cluster, taskIds: cluster.run({ count }).taskIds };
  };
  const place = (...placements: readonly [string, string][]): ClusterCommand => ({
    type: 'PlaceTasks',
    placements: placements.map(([taskId, instanceId]) => ({ taskId, instanceId })),
    refused: [],
  });

  test('an outside scheduler may place tasks, each once', () => {
    const { cluster, taskIds } = waiting(2);
    const [a = '', b = ''] = taskIds;
    expect(cluster.accept(place([a, 'host'], [b, 'host'], [a, 'small']))).toEqual([
      {
        type: 'TasksPlaced',
        v: 1,
        placements: [
          { taskId: a, containerInstanceId: 'host' },
          { taskId: b, containerInstanceId: 'host' },
        ],
      },
    ]);
    expect(cluster.accept(place([a, 'small'], ['unknown', 'host']))).toEqual([]);
    expect(cluster.task(a).instanceId).toBe('host');
  });

  test('what does not fit after all is a failure: overbooked in one command, unknown or full hosts', () => {
    const { cluster, taskIds } = waiting(4);
    const [a = '', b = '', c = '', d = ''] = taskIds;
    expect(cluster.accept(place([a, 'small'], [b, 'small'], [c, 'nowhere'], [d, 'host']))).toEqual([
      {
        type: 'TasksPlaced',
        v: 1,
        placements: [
          { taskId: a, containerInstanceId: 'small' },
          { taskId: d, containerInstanceId: 'host' },
        ],
      },
      {
        type: 'TaskPlacementFailed',
        v: 1,
        taskIds: [b, c],
        failures: [
          { containerInstanceId: 'small', reason: 'RESOURCE:CPU' },
          { containerInstanceId: 'nowhere', reason: 'MISSING' },
        ],
      },
    ]);
    expect([...cluster.state.tasks.keys()].sort()).toEqual([a, d].sort());
  });

  test('devices are counted within one command, and asked for at all', () => {
    const cluster = new ClusterUnderTest()
      .createCluster()
      .register('plain')
      .register('gpu', {
        resources: { ...RESOURCES, gpuIds: ['GPU-1', 'GPU-2'] },
      });
    const gpus = (value: string): Partial<RunTask> => ({
      count: 3,
      resolved: resolved({
        containerDefinitions: [appContainer({ cpu: 0, resourceRequirements: [{ type: 'GPU', value }] })],
      }),
    });
    const [a = '', b = '', c = ''] = cluster.run(gpus('1')).taskIds;
    expect(cluster.accept(place([a, 'plain'], [b, 'gpu'], [c, 'gpu']))).toMatchObject([
      { type: 'TasksPlaced', placements: [{ taskId: b }, { taskId: c }] },
      { taskIds: [a], failures: [{ containerInstanceId: 'plain', reason: 'RESOURCE:GPU' }] },
    ]);
    const [d = ''] = cluster.run(gpus('1')).taskIds;
    expect(cluster.accept(place([d, 'gpu']))).toMatchObject([{ failures: [{ reason: 'RESOURCE:GPU' }] }]);

    const other = new ClusterUnderTest().createCluster().register('gpu', {
      resources: { ...RESOURCES, gpuIds: ['GPU-1', 'GPU-2', 'GPU-3'] },
    });
    const [e = '', f = ''] = other.run(gpus('2')).taskIds;
    expect(other.accept(place([e, 'gpu'], [f, 'gpu']))).toMatchObject([
      { placements: [{ taskId: e }] },
      { taskIds: [f], failures: [{ reason: 'RESOURCE:GPU' }] },
    ]);
  });

  test('a refusal says which attribute is missing', () => {
    const cluster = new ClusterUnderTest().createCluster().register('host');
    const requiresAttributes = [{ name: 'ecs.os-type' }, { name: 'ecs.capability.efs' }];
    const [a = ''] = cluster.run({ count: 1, resolved: resolved({ requiresAttributes }) }).taskIds;
    expect(cluster.accept(place([a, 'host']))).toMatchObject([
      { failures: [{ containerInstanceId: 'host', reason: 'ATTRIBUTE', detail: 'missing ecs.capability.efs' }] },
    ]);
  });

  test('distinctInstance holds within one command', () => {
    const cluster = new ClusterUnderTest().createCluster().register('host');
    const [a = '', b = ''] = cluster.run({ count: 2, placementConstraints: [{ type: 'distinctInstance' }] }).taskIds;
    expect(cluster.accept(place([a, 'host'], [b, 'host']))).toMatchObject([
      { type: 'TasksPlaced', placements: [{ taskId: a }] },
      { taskIds: [b], failures: [{ reason: 'DistinctInstance placement constraint unsatisfied' }] },
    ]);
  });

  test('a refusal of several tasks is told once, and only of those that wait', () => {
    const { cluster, taskIds } = waiting(2);
    const failures = [{ instanceId: null, reason: 'NONE' }];
    const refused = [{ taskIds: [...taskIds, 'unknown', ...taskIds], failures }];
    expect(cluster.accept({ type: 'PlaceTasks', placements: [], refused })).toEqual([
      { type: 'TaskPlacementFailed', v: 1, taskIds, failures: [{ containerInstanceId: null, reason: 'NONE' }] },
    ]);
    expect(cluster.state.tasks.size).toBe(0);
  });

  test('StartTask: no scheduler chooses another instance', () => {
    const cluster = new ClusterUnderTest().createCluster().register('host').register('other');
    cluster.accept({ type: 'StartTask', resolved: resolved(), instanceIds: ['host'] });
    const [taskId = ''] = [...cluster.state.tasks.keys()];
    cluster.accept(place([taskId, 'other']));
    expect(cluster.task(taskId).instanceId).toBe('host');
  });

  test('a task that nobody has placed yet can be stopped when its cluster asks for it', () => {
    const { cluster, taskIds } = waiting(1);
    cluster.decider.evolve(
      cluster.state,
      {
        type: 'TaskStopped',
        v: 1,
        taskId: taskIds[0] ?? '',
        cause: 'NEVER_PLACED',
        stopCode: 'UserInitiated',
        stoppedReason: 'x',
      },
      5,
    );
    expect(cluster.state.unplacedTasks.size).toBe(0);
    expect(cluster.task(taskIds[0] ?? '')).toMatchObject({ lastStatus: 'STOPPED', instanceId: null });
  });

  test('is refused without a cluster', () => {
    expect(new ClusterUnderTest().submit(place())).toMatchObject({ rejection: { code: 'ClusterNotFound' } });
  });
});
