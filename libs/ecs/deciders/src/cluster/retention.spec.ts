import { describe, expect, test } from '@jest/globals';
import { schedulerSaga } from '#libs/ecs/reconcile';
import { ClusterUnderTest, taskReport } from '../../spec/cluster-builder.ts';
import { TaskStages } from '../../spec/given-task.ts';

const HOUR = 3_600_000;
const given = new TaskStages([schedulerSaga]);

describe('retention', () => {
  test('a task is forgotten an hour after its end, and not before', () => {
    const { cluster, taskId } = given.stopped();
    expect(cluster.decider.nextDeadline(cluster.state)).toBe(3_000 + HOUR);
    cluster.at = 3_000 + HOUR - 1;
    expect(cluster.accept({ type: 'ElapseTime' })).toEqual([]);
    cluster.at += 1;
    expect(cluster.accept({ type: 'ElapseTime' })).toEqual([{ type: 'TasksForgotten', v: 1, taskIds: [taskId] }]);
    expect(cluster.state.tasks.size).toBe(0);
    expect(cluster.decider.nextDeadline(cluster.state)).toBeNull();
  });

  test('many are forgotten in bounded steps, in the order of their ends', () => {
    const cluster = new ClusterUnderTest([schedulerSaga]).createCluster();
    const resources = { cpu: 1_000_000, memory: 1_000_000, reservedTcpPorts: [], reservedUdpPorts: [] };
    cluster.register('host', { resources });
    for (let i = 0; i < 120; i++) cluster.run({ count: 10 });
    const taskIds = [...cluster.state.tasks.keys()];
    for (let i = 0; i < taskIds.length; i += 200) {
      const reports = taskIds.slice(i, i + 200).map((taskId) => taskReport({ taskId, knownStatus: 'STOPPED' }));
      cluster.report('host', ...reports);
    }
    cluster.at += HOUR;
    const forgotten: string[] = [];
    const sizes: number[] = [];
    for (;;) {
      const [event] = cluster.accept({ type: 'ElapseTime' });
      if (event?.type !== 'TasksForgotten') break;
      sizes.push(event.taskIds.length);
      forgotten.push(...event.taskIds);
    }
    expect(forgotten).toEqual(taskIds);
    expect(Math.max(...sizes)).toBe(500);
    expect(cluster.state.tasks.size).toBe(0);
  });
});
