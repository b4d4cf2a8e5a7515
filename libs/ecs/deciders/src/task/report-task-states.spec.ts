import { describe, expect, test } from '@jest/globals';
import type { ClusterCommand, ContainerReport, TaskReport } from '#libs/ecs/messages';
import { schedulerSaga } from '#libs/ecs/reconcile';
import { appContainer, ClusterUnderTest, resolved, taskReport } from '../../spec/cluster-builder.ts';
import { TaskStages } from '../../spec/given-task.ts';
import type { GivenTask } from '../../spec/given-task.ts';
import { wantedPageOf } from './wanted-set.ts';

const given = new TaskStages([schedulerSaga]);

describe('ReportTaskStates', () => {
  const app = (members: Partial<ContainerReport> = {}): ContainerReport => ({
    name: 'app',
    lastStatus: 'RUNNING',
    ...members,
  });

  test('RUNNING is news once', () => {
    const { cluster, taskId } = given.pending();
    const report = taskReport({ taskId, knownStatus: 'RUNNING', startedAt: 1_500 });
    const { containers } = report;
    expect(cluster.report('host', report)).toEqual([
      { type: 'TaskStateChanged', v: 1, taskId, lastStatus: 'RUNNING', containers, startedAt: 1_500 },
    ]);
    expect(cluster.report('host', report)).toEqual([]);
    expect(cluster.task(taskId)).toMatchObject({ lastStatus: 'RUNNING', runningSince: 1_000 });
  });

  test('a PENDING task whose containers nobody has touched is no news; an image is', () => {
    const { cluster, taskId } = given.pending();
    const pending = (members: Partial<ContainerReport>): Partial<TaskReport> => ({
      taskId,
      knownStatus: 'PENDING',
      containers: [app({ lastStatus: 'PENDING', ...members })],
    });
    expect(cluster.report('host', pending({}))).toEqual([]);
    expect(cluster.report('host', pending({ imageDigest: 'sha256:1' }))).toHaveLength(1);
    expect(cluster.report('host', pending({ imageDigest: 'sha256:1' }))).toEqual([]);
  });

  test('a task that an agent has started anew runs, whatever became of its containers before', () => {
    const { cluster, taskId } = given.pending();
    cluster.report('host', { taskId, knownStatus: 'PENDING', containers: [app({ lastStatus: 'STOPPED' })] });
    expect(cluster.report('host', { taskId, knownStatus: 'PENDING', containers: [app()] })).toEqual([]);
    const anew = cluster.report('host', { taskId, knownStatus: 'RUNNING', containers: [app()] });
    expect(anew).toMatchObject([{ lastStatus: 'RUNNING', containers: [app()] }]);
  });

  test.each<[string, () => GivenTask, Partial<TaskReport>]>([
    ['PENDING after RUNNING', given.running, { knownStatus: 'PENDING' }],
    ['RUNNING after STOPPING', given.stopping, { knownStatus: 'RUNNING' }],
    ['anything after STOPPED', given.stopped, { knownStatus: 'STOPPED', containers: [app({ exitCode: 1 })] }],
    [
      'a container that lives again',
      given.running,
      { knownStatus: 'RUNNING', containers: [app({ lastStatus: 'PENDING' })] },
    ],
  ])('a late report changes nothing: %s', (_name, make, report) => {
    const { cluster, taskId } = make();
    const before = { ...cluster.task(taskId) };
    expect(cluster.report('host', { taskId, ...report })).toEqual([]);
    expect(cluster.task(taskId)).toEqual(before);
  });

  test.each<[string, Partial<ContainerReport>]>([
    ['a port', { networkBindings: [{ bindIP: '0.0.0.0', containerPort: 80, hostPort: 32768, protocol: 'tcp' }] }],
    [
      'a range of ports',
      {
        networkBindings: [
          { bindIP: '0.0.0.0', containerPortRange: '80-89', hostPortRange: '40000-40009', protocol: 'tcp' },
        ],
      },
    ],
    ['GPUs', { gpuIds: ['GPU-1'] }],
    ['an id', { runtimeId: 'abc' }],
    ['health', { healthStatus: 'HEALTHY' }],
    ['an exit', { lastStatus: 'STOPPED', exitCode: 0 }],
    ['a reason', { reason: 'x' }],
  ])('a container that changed is news: %s', (_name, members) => {
    const { cluster, taskId } = given.running();
    const report = taskReport({ taskId, containers: [app(members)] });
    const { containers } = report;
    expect(cluster.report('host', report)).toEqual([
      { type: 'TaskStateChanged', v: 1, taskId, lastStatus: 'RUNNING', containers },
    ]);
    expect(cluster.report('host', report)).toEqual([]);
  });

  test.each<[string, () => GivenTask, Partial<TaskReport>, string, string]>([
    ['it never ran', given.pending, {}, 'TaskFailedToStart', 'Task failed to start'],
    [
      'its image is not there',
      given.pending,
      { reason: 'CannotPullContainerError: manifest unknown' },
      'TaskFailedToStart',
      'CannotPullContainerError: manifest unknown',
    ],
    [
      'its container could not start',
      given.pending,
      { containers: [app({ lastStatus: 'STOPPED', reason: 'CannotStartContainerError: no such file' })] },
      'TaskFailedToStart',
      'CannotStartContainerError: no such file',
    ],
    ['it ran', given.running, {}, 'EssentialContainerExited', 'Essential container in task exited'],
    [
      'it ran between two reports',
      given.pending,
      { startedAt: 1_200 },
      'EssentialContainerExited',
      'Essential container in task exited',
    ],
    [
      'the agent knows better',
      given.running,
      { stopCode: 'TaskFailedToStart', reason: 'x: y' },
      'TaskFailedToStart',
      'x: y',
    ],
    ['a user stopped it', given.stopping, { reason: 'x' }, 'UserInitiated', 'Task stopped by user'],
  ])('STOPPED says why: %s', (_name, make, report, stopCode, stoppedReason) => {
    const { cluster, taskId } = make();
    cluster.at = 9_000;
    const events = cluster.report('host', { taskId, knownStatus: 'STOPPED', ...report });
    expect(events).toMatchObject([{ type: 'TaskStateChanged', lastStatus: 'STOPPED' }]);
    expect(cluster.task(taskId)).toMatchObject({ desiredStatus: 'STOPPED', stopCode, stoppedReason, stoppedAt: 9_000 });
    expect('stopCode' in (events[0] ?? {})).toBe(stopCode !== 'UserInitiated');
  });

  test('an end releases the resources and is not told back to the agent', () => {
    const { cluster, taskId } = given.running();
    const outcome = cluster.submit({
      type: 'ReportTaskStates',
      instanceId: 'host',
      sessionId: 'host-1',
      reports: [taskReport({ taskId, knownStatus: 'STOPPED' })],
    });
    expect(outcome).toMatchObject({ effects: [] });
    expect(cluster.instance('host')).toMatchObject({ wantedVersion: 1, taskIds: new Set() });
    expect(cluster.state.placement.remaining('host')).toMatchObject({ cpu: 2048, memory: 4096 });
  });

  test('a task that ends by itself is never wanted again', () => {
    const { cluster, taskId } = given.running();
    cluster.report('host', { taskId, knownStatus: 'STOPPING' });
    expect(cluster.task(taskId).desiredStatus).toBe('STOPPED');
    expect(wantedPageOf(cluster.state, 'host', null, 1_000)).toMatchObject({
      tasks: [{ taskId, desiredStatus: 'STOPPED' }],
    });
  });

  test('only news of its own tasks counts; the later of two reports of one task', () => {
    const { cluster, taskId } = given.pending();
    expect(cluster.report('other', { taskId })).toEqual([]);
    expect(cluster.report('host', { taskId: 'x' })).toEqual([]);
    expect(cluster.report('host', { taskId }, { taskId, knownStatus: 'STOPPED', startedAt: 1 })).toMatchObject([
      { lastStatus: 'STOPPED' },
    ]);
  });

  test('only the current session may speak', () => {
    const { cluster, taskId } = given.pending();
    const report = (instanceId: string, sessionId: string, count = 1): ClusterCommand => ({
      type: 'ReportTaskStates',
      instanceId,
      sessionId,
      reports: Array.from({ length: count }, () => taskReport({ taskId })),
    });
    expect(cluster.submit(report('host', 'host-0'))).toMatchObject({ rejection: { code: 'SessionFenced' } });
    expect(cluster.submit(report('x', 'x-1'))).toMatchObject({ rejection: { code: 'SessionFenced' } });
    expect(cluster.submit(report('host', 'host-1', 201))).toMatchObject({ rejection: { code: 'InvalidParameter' } });
    cluster.accept({ type: 'DeregisterContainerInstance', instanceId: 'host', force: true });
    expect(cluster.submit(report('host', 'host-1'))).toMatchObject({ rejection: { code: 'InstanceInactive' } });
  });

  test('a request that no commit could hold is refused whole', () => {
    const { cluster, taskId } = given.pending();
    // 600 KB once the control characters are escaped.
    const containers = Array.from({ length: 10 }, () => app({ reason: '\u0001'.repeat(10_000) }));
    const reports = [taskReport({ taskId, containers })];
    expect(
      cluster.submit({ type: 'ReportTaskStates', instanceId: 'host', sessionId: 'host-1', reports }),
    ).toMatchObject({
      rejection: { code: 'InvalidParameter' },
    });
  });

  test('the health of a task is that of its essential containers with a check', () => {
    const cluster = new ClusterUnderTest([schedulerSaga]).createCluster().register('host');
    const healthCheck = { command: ['CMD', 'true'] };
    const { taskId } = cluster.runOne({
      resolved: resolved({
        containerDefinitions: [
          appContainer({ healthCheck }),
          appContainer({ name: 'b', healthCheck }),
          appContainer({ name: 'c', essential: false, healthCheck }),
          appContainer({ name: 'd' }),
        ],
      }),
    });
    const health = (...statuses: readonly ContainerReport['healthStatus'][]): string => {
      cluster.report('host', {
        taskId,
        containers: statuses.map((healthStatus, i) => ({
          ...app({ name: ['app', 'b', 'c'][i] ?? '' }),
          ...(healthStatus === undefined ? {} : { healthStatus }),
        })),
      });
      return cluster.task(taskId).healthStatus;
    };
    expect(health('UNKNOWN', 'HEALTHY', 'UNHEALTHY')).toBe('UNKNOWN');
    expect(health('HEALTHY', 'HEALTHY', 'UNHEALTHY')).toBe('HEALTHY');
    expect(health('HEALTHY', 'UNHEALTHY', 'HEALTHY')).toBe('UNHEALTHY');
    expect(health('HEALTHY')).toBe('UNKNOWN');
  });
});
