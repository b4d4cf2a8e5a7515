import { describe, expect, test } from '@jest/globals';
import { schedulerSaga } from '#libs/process-managers';
import { ClusterUnderTest, resolved } from '../spec-support/cluster-builder.ts';
import { TaskStages } from '../spec-support/given-task.ts';
import { wantedSetOf } from './wanted-set.ts';

const given = new TaskStages([schedulerSaga]);

describe('the wanted set', () => {
  test('holds all tasks that are not STOPPED, those told to stop included, and their definitions once', () => {
    const { cluster, taskId } = given.pending();
    cluster.accept({ type: 'StartTask', resolved: resolved(), instanceIds: ['host'] });
    cluster.accept({ type: 'StopTask', taskId });
    const wanted = wantedSetOf(cluster.state, 'host');
    expect(wanted.version).toBe(3);
    expect(wanted.tasks.map(({ desiredStatus }) => desiredStatus)).toEqual(['STOPPED', 'RUNNING']);
    expect(Object.keys(wanted.taskDefinitions)).toHaveLength(1);
    expect(wantedSetOf(cluster.state, 'unknown')).toEqual({ version: 0, tasks: [], taskDefinitions: {} });
  });

  test('its version counts every change of one decision', () => {
    const cluster = new ClusterUnderTest([schedulerSaga]).createCluster().register('host');
    const outcome = cluster.submit({ type: 'StartTask', resolved: resolved(), instanceIds: ['host', 'host', 'host'] });
    expect('effects' in outcome && outcome.effects.map(({ version }) => version)).toEqual([1, 2, 3]);
  });
});
