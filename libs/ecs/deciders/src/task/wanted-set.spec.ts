import { describe, expect, test } from '@jest/globals';
import { wantedSum } from '#libs/ecs/messages';
import type { ClusterCommand, WantedPage, WantedTask } from '#libs/ecs/messages';
import { jsonBytes } from '#libs/kernel';
import { schedulerSaga } from '#libs/ecs/reconcile';
import { ClusterUnderTest, resolved } from '../../spec/cluster-builder.ts';
import { TaskStages } from '../../spec/given-task.ts';
import { definitionsFor, wantedPageOf, wantedSumOf } from './wanted-set.ts';

const given = new TaskStages([schedulerSaga]);

function page(cluster: ClusterUnderTest, after: string | null, bytesMax: number, instanceId = 'host'): WantedPage {
  const result = wantedPageOf(cluster.state, instanceId, after, bytesMax);
  if ('code' in result) throw new Error(result.message);
  return result;
}

/** The whole set, read page by page. */
function pages(cluster: ClusterUnderTest, bytesMax: number): readonly WantedPage[] {
  const read = [page(cluster, null, bytesMax)];
  for (let next = read.at(-1)?.next; typeof next === 'string'; next = read.at(-1)?.next) {
    read.push(page(cluster, next, bytesMax));
  }
  return read;
}

describe('the wanted set', () => {
  test('holds all tasks that are not STOPPED, those told to stop included', () => {
    const { cluster, taskId } = given.pending();
    cluster.accept({ type: 'StartTask', resolved: resolved(), instanceIds: ['host'] });
    cluster.accept({ type: 'StopTask', taskId });
    const { version, tasks, next } = page(cluster, null, 10_000);
    expect({ version, next }).toEqual({ version: 3, next: null });
    const desired = tasks.map((task) => [task.taskId === taskId, task.desiredStatus]);
    expect(desired.sort()).toEqual([
      [false, 'RUNNING'],
      [true, 'STOPPED'],
    ]);
    expect(page(cluster, null, 10_000, 'unknown')).toEqual({ version: 0, tasks: [], next: null });
  });

  test('its version counts every change of one decision', () => {
    const cluster = new ClusterUnderTest([schedulerSaga]).createCluster().register('host');
    const outcome = cluster.submit({ type: 'StartTask', resolved: resolved(), instanceIds: ['host', 'host', 'host'] });
    expect('effects' in outcome && outcome.effects.map(({ version }) => version)).toEqual([1, 2, 3]);
  });

  test.each([1, 700, 2_000, 100_000])('comes in pages of at most %i bytes, each task once', (bytesMax) => {
    const cluster = new ClusterUnderTest([schedulerSaga]).createCluster().register('host');
    const started: string[] = [];
    for (let i = 0; i < 7; i++) started.push(cluster.runOne().taskId);
    const read = pages(cluster, bytesMax);
    const tasks: readonly WantedTask[] = read.flatMap((one) => one.tasks);
    expect(tasks.map(({ taskId }) => taskId)).toEqual(started.sort());
    for (const one of read) {
      const bytes = one.tasks.reduce((sum, task) => sum + jsonBytes(task), 0);
      // A single task goes whatever its size.
      expect(one.tasks.length === 1 || bytes <= bytesMax).toBe(true);
    }
    expect(wantedSum(read[0]?.version ?? 0, tasks)).toEqual(wantedSumOf(cluster.state, 'host'));
  });

  test('has the tags of a task as they are now: each change is sent to its agent', () => {
    const { cluster, taskId } = given.running();
    const resource = { kind: 'task', id: taskId } as const;
    const sent = (command: ClusterCommand) => {
      const outcome = cluster.submit(command);
      return 'effects' in outcome ? outcome.effects.map(({ version, task }) => [version, task.tags]) : outcome;
    };
    const tags = [{ key: 'a', value: 'b' }];
    expect(sent({ type: 'TagClusterResource', resource, tags })).toEqual([[2, tags]]);
    expect(page(cluster, null, 10_000)).toMatchObject({ version: 2, tasks: [{ tags }] });
    expect(sent({ type: 'UntagClusterResource', resource, tagKeys: ['a'] })).toEqual([[3, undefined]]);
    cluster.report('host', { taskId, knownStatus: 'STOPPED' });
    expect(sent({ type: 'TagClusterResource', resource, tags })).toEqual([]);
    expect(cluster.instance('host').wantedVersion).toBe(3);
  });

  test('is refused to an instance that is no longer registered', () => {
    const { cluster } = given.pending();
    cluster.accept({ type: 'DeregisterContainerInstance', instanceId: 'host', force: true });
    expect(wantedPageOf(cluster.state, 'host', null, 1_000)).toMatchObject({ code: 'InstanceInactive' });
  });
});

describe('the sum of a wanted set', () => {
  test('is another one after each change and each report', () => {
    const { cluster, taskId } = given.pending();
    const sums = [wantedSumOf(cluster.state, 'host')];
    const note = (): void => void sums.push(wantedSumOf(cluster.state, 'host'));
    cluster.report('host', { taskId, knownStatus: 'RUNNING' });
    note();
    cluster.accept({ type: 'StopTask', taskId });
    note();
    cluster.report('host', { taskId, knownStatus: 'STOPPING' });
    note();
    cluster.report('host', { taskId, knownStatus: 'STOPPED' });
    note();
    expect(new Set(sums.map((sum) => JSON.stringify(sum))).size).toBe(sums.length);
  });
});

describe('task definitions for an agent', () => {
  const ARN = resolved().taskDefinition.taskDefinitionArn;

  test('are those of its own tasks', () => {
    const { cluster } = given.pending();
    const known = definitionsFor(cluster.state, 'host', [ARN, 'other'], 100_000);
    expect(known).toMatchObject({ taskDefinitions: { [ARN]: { taskDefinitionArn: ARN } }, unknown: ['other'] });
    expect(definitionsFor(cluster.state, 'other', [ARN], 100_000)).toEqual({ taskDefinitions: {}, unknown: [ARN] });
  });

  test('come as many as fit, one at least', () => {
    const cluster = new ClusterUnderTest([schedulerSaga]).createCluster().register('host');
    const arns = [1, 2, 3].map((revision) => {
      const taskDefinitionArn = ARN.replace(/\d+$/, String(revision));
      cluster.runOne({ resolved: resolved({ taskDefinitionArn, revision }) });
      return taskDefinitionArn;
    });
    const { taskDefinitions, unknown } = definitionsFor(cluster.state, 'host', arns, 1);
    expect(Object.keys(taskDefinitions)).toEqual(arns.slice(0, 1));
    expect(unknown).toEqual([]);
  });
});
