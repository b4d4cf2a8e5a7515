import { describe, expect, test } from '@jest/globals';
import { schedulerSaga } from '#libs/ecs/reconcile';
import { ClusterUnderTest } from '../../spec/cluster-builder.ts';
import { TaskStages } from '../../spec/given-task.ts';

const given = new TaskStages([schedulerSaga]);

describe('StopTask', () => {
  test('a running task: desired STOPPED, the agent is told', () => {
    const { cluster, taskId } = given.running();
    expect(cluster.submit({ type: 'StopTask', taskId })).toMatchObject({
      events: [
        { type: 'TaskStopRequested', v: 1, taskId, stopCode: 'UserInitiated', stoppedReason: 'Task stopped by user' },
      ],
      effects: [{ instanceId: 'host', version: 2, task: { desiredStatus: 'STOPPED', lastStatus: 'RUNNING' } }],
    });
    expect(cluster.task(taskId)).toMatchObject({ desiredStatus: 'STOPPED', lastStatus: 'RUNNING' });
  });

  test('keeps the reason of the caller, cut where ECS cuts', () => {
    const { cluster, taskId } = given.running();
    cluster.accept({ type: 'StopTask', taskId, reason: 'x'.repeat(2_000) });
    expect(cluster.task(taskId).stoppedReason).toHaveLength(1_024);
  });

  test.each([
    ['stopping', given.stopping],
    ['stopped', given.stopped],
  ])('a %s task: a success, nothing to do', (_name, make) => {
    const { cluster, taskId } = make();
    expect(cluster.submit({ type: 'StopTask', taskId })).toMatchObject({ events: [] });
  });

  test('not a task that is unknown, nor one that is forgotten', () => {
    const { cluster } = given.running();
    expect(cluster.submit({ type: 'StopTask', taskId: 'x' })).toEqual({
      rejection: { code: 'TaskNotFound', message: 'The referenced task was not found.' },
    });
    expect(new ClusterUnderTest().submit({ type: 'StopTask', taskId: 'x' })).toMatchObject({
      rejection: { code: 'ClusterNotFound' },
    });
  });
});
