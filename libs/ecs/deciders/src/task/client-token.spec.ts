import { describe, expect, test } from '@jest/globals';
import type { ClusterCommand, RunTask } from '#libs/ecs/messages';
import { arns } from '#libs/ecs/messages';
import { schedulerSaga } from '#libs/ecs/reconcile';
import { CLUSTER, ClusterUnderTest, LOCALE, resolved, runTask } from '../../spec/cluster-builder.ts';

const given = {
  hosts: (...ids: string[]) =>
    ids.reduce((cluster, id) => cluster.register(id), new ClusterUnderTest([schedulerSaga]).createCluster()),
};
const HOUR = 3_600_000;

describe('a client token', () => {
  const command = (members: Partial<RunTask> = {}): ClusterCommand =>
    runTask({ clientToken: 'token', requestHash: 'hash', ...members });

  test('with the same request gives the first answer, whatever has happened since', () => {
    const cluster = given.hosts('host');
    const first = cluster.submit(command({ count: 10 }));
    const answer = 'answer' in first ? first.answer : null;
    expect(answer).toMatchObject({ failures: [{ reason: 'RESOURCE:CPU' }] });
    for (const taskId of cluster.state.tasks.keys()) cluster.accept({ type: 'StopTask', taskId });
    expect(cluster.submit(command({ count: 10 }))).toEqual({ events: [], effects: [], answer });
  });

  test('with another request is a conflict that names the first tasks', () => {
    const cluster = given.hosts('host');
    cluster.submit(command());
    const [taskId = ''] = [...cluster.state.tasks.keys()];
    expect(cluster.submit(command({ requestHash: 'other' }))).toMatchObject({
      rejection: { code: 'Conflict', resourceIds: [arns.task(LOCALE, CLUSTER, taskId)] },
    });
    const start: ClusterCommand = {
      type: 'StartTask',
      resolved: resolved(),
      instanceIds: ['host'],
      clientToken: 'token',
      requestHash: 'of StartTask',
    };
    expect(cluster.submit(start)).toMatchObject({ rejection: { code: 'Conflict' } });
    expect(cluster.accept(command())).toEqual([]);
  });

  test('is compared by what was sent: a family that means a new revision by now is the same request', () => {
    const cluster = given.hosts('host');
    cluster.submit(command());
    expect(cluster.accept(command({ resolved: resolved({ revision: 2 }) }))).toEqual([]);
  });

  test('is new again after 24 hours', () => {
    const cluster = given.hosts('host');
    cluster.submit(command());
    cluster.at += 24 * HOUR - 1;
    expect(cluster.accept(command())).toEqual([]);
    cluster.at += 1;
    expect(cluster.accept(command())).toHaveLength(2);
    expect(cluster.state.clientTokens.size).toBe(1);
  });

  test('goes with the last of its tasks', () => {
    const cluster = given.hosts('host');
    const { taskId } = cluster.runOne({ clientToken: 'token' });
    cluster.report('host', { taskId, knownStatus: 'STOPPED' });
    cluster.at += HOUR;
    cluster.accept({ type: 'ElapseTime' });
    expect(cluster.state.clientTokens.size).toBe(0);
  });

  test('of a request that got nothing is good for an hour', () => {
    const cluster = given.hosts('host');
    const huge = resolved({ cpu: '4096' });
    const failures = [{ instanceId: 'host', reason: 'RESOURCE:CPU' }];
    expect(cluster.run({ resolved: huge, clientToken: 'token' })).toEqual({ taskIds: [], failures });
    expect(cluster.submit(runTask({ resolved: huge, clientToken: 'token' }))).toMatchObject({
      events: [],
      answer: { failures },
    });
    cluster.at += HOUR;
    cluster.run({ resolved: huge, clientToken: 'another' });
    expect([...cluster.state.clientTokens.keys()]).toEqual(['another']);
  });
});
