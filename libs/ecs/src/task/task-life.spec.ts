import { describe, expect, test } from '@jest/globals';
import type { ClusterCommand, ContainerReport, TaskReport } from '#libs/contracts';
import { schedulerSaga } from '#libs/process-managers';
import { appContainer, ClusterUnderTest, resolved, taskReport } from '../spec-support/cluster-builder.ts';
import { wantedSetOf } from './wanted-set.ts';

const HOUR = 3_600_000;
const given = {
  /** One host, one task PENDING on it. */
  pending: () => {
    const cluster = new ClusterUnderTest([schedulerSaga]).createCluster().register('host').register('other');
    const start: ClusterCommand = { type: 'StartTask', resolved: resolved(), instanceIds: ['host'] };
    cluster.accept(start);
    const [taskId = ''] = [...cluster.state.tasks.keys()];
    return { cluster, taskId };
  },
  running: () => {
    const { cluster, taskId } = given.pending();
    cluster.at = 2_000;
    cluster.report('host', { taskId, knownStatus: 'RUNNING' });
    return { cluster, taskId };
  },
  stopping: () => {
    const { cluster, taskId } = given.running();
    cluster.accept({ type: 'StopTask', taskId });
    cluster.report('host', { taskId, knownStatus: 'STOPPING' });
    return { cluster, taskId };
  },
  stopped: () => {
    const { cluster, taskId } = given.running();
    cluster.at = 3_000;
    cluster.report('host', { taskId, knownStatus: 'STOPPED' });
    return { cluster, taskId };
  },
};

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
          { taskId: a, instanceId: 'host' },
          { taskId: b, instanceId: 'host' },
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
          { taskId: a, instanceId: 'small' },
          { taskId: d, instanceId: 'host' },
        ],
      },
      {
        type: 'TasksPlacementFailed',
        v: 1,
        taskIds: [b, c],
        failures: [
          { instanceId: 'small', reason: 'RESOURCE:CPU' },
          { instanceId: 'nowhere', reason: 'MISSING' },
        ],
      },
    ]);
    expect([...cluster.state.tasks.keys()].sort()).toEqual([a, d].sort());
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
      { type: 'TasksPlacementFailed', v: 1, taskIds, failures },
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
      { type: 'TaskStopped', v: 1, taskId: taskIds[0] ?? '', stopCode: 'UserInitiated', stoppedReason: 'x' },
      5,
    );
    expect(cluster.state.unplacedTaskIds.size).toBe(0);
    expect(cluster.task(taskIds[0] ?? '')).toMatchObject({ lastStatus: 'STOPPED', instanceId: null });
  });

  test('is refused without a cluster', () => {
    expect(new ClusterUnderTest().submit(place())).toMatchObject({ rejection: { code: 'ClusterNotFound' } });
  });
});

describe('ReportTaskStates', () => {
  const app = (members: Partial<ContainerReport> = {}): ContainerReport => ({
    name: 'app',
    lastStatus: 'RUNNING',
    ...members,
  });

  test('RUNNING is news once', () => {
    const { cluster, taskId } = given.pending();
    const report = taskReport({ taskId, knownStatus: 'RUNNING', startedAt: 1_500 });
    expect(cluster.report('host', report)).toEqual([{ type: 'TaskStateChanged', v: 1, report, lastStatus: 'RUNNING' }]);
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

  test.each<[string, () => { cluster: ClusterUnderTest; taskId: string }, Partial<TaskReport>]>([
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
    ['an id', { runtimeId: 'abc' }],
    ['health', { healthStatus: 'HEALTHY' }],
    ['an exit', { lastStatus: 'STOPPED', exitCode: 0 }],
    ['a reason', { reason: 'x' }],
  ])('a container that changed is news: %s', (_name, members) => {
    const { cluster, taskId } = given.running();
    const report = taskReport({ taskId, containers: [app(members)] });
    expect(cluster.report('host', report)).toEqual([{ type: 'TaskStateChanged', v: 1, report, lastStatus: 'RUNNING' }]);
    expect(cluster.report('host', report)).toEqual([]);
  });

  test.each<[string, () => { cluster: ClusterUnderTest; taskId: string }, Partial<TaskReport>, string, string]>([
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
    expect(wantedSetOf(cluster.state, 'host').tasks).toMatchObject([{ taskId, desiredStatus: 'STOPPED' }]);
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
