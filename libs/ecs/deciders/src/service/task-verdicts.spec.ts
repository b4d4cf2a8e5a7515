import { describe, expect, test } from '@jest/globals';
import type { ClusterEvent, HealthStatus, TaskReport } from '#libs/ecs/messages';
import { LoneService } from '../../spec/lone-service.ts';

/* What facts about tasks of a service mean for it is decided once, and recorded with them. */

const FAILS: Partial<TaskReport> = { knownStatus: 'STOPPED', stopCode: 'TaskFailedToStart' };
const EXITS: Partial<TaskReport> = { knownStatus: 'STOPPED', stopCode: 'EssentialContainerExited' };

class Given {
  readonly service: LoneService;
  readonly tasks: readonly string[];

  constructor(options: { readonly checked?: boolean; readonly breaker?: object; readonly count?: number } = {}) {
    const { checked = false, breaker = {}, count = 4 } = options;
    const deploymentCircuitBreaker = { enable: true, rollback: false, ...breaker };
    this.service = new LoneService(count, { deploymentCircuitBreaker }, checked);
    this.tasks = this.service.place(count);
  }

  get failedTasks(): number {
    return this.service.state.deployments[0]?.failedTasks ?? -1;
  }

  report(...reports: readonly (readonly [task: number, report: Partial<TaskReport>])[]): readonly ClusterEvent[] {
    return this.service.cluster.report(
      'host1',
      ...reports.map(([task, report]) => ({ taskId: this.tasks[task] ?? '', ...report })),
    );
  }

  runs(task: number, healthStatus?: HealthStatus): readonly ClusterEvent[] {
    const container = { name: 'app', lastStatus: 'RUNNING' as const, ...(healthStatus && { healthStatus }) };
    return this.report([task, { knownStatus: 'RUNNING', containers: [container] }]);
  }

  wait(seconds: number): this {
    this.service.cluster.at += seconds * 1_000;
    return this;
  }
}

describe('a task without a health check', () => {
  test('counts as healthy five seconds after it began to run', () => {
    const given = new Given();
    expect(given.runs(0)).toMatchObject([{ healthyAt: given.service.cluster.at + 5_000 }]);
    expect(
      given.report([0, { containers: [{ name: 'app', lastStatus: 'RUNNING', runtimeId: 'r' }] }])[0],
    ).not.toHaveProperty('healthyAt');
  });

  test('that never ran has failed to start, which counts until one of the deployment has run', () => {
    const given = new Given();
    expect(given.report([0, FAILS])).toMatchObject([{ failure: 'START_FAILED', failedTaskCount: 1 }]);
    given.runs(1);
    const [late] = given.report([2, FAILS]);
    expect(late).toMatchObject({ failure: 'START_FAILED' });
    expect(late).not.toHaveProperty('failedTaskCount');
    expect(given.failedTasks).toBe(1);
  });

  test('that ran for a moment has exited early, which counts while none is healthy', () => {
    const given = new Given();
    given.runs(0);
    expect(given.report([0, EXITS])).toMatchObject([{ failure: 'EXITED_EARLY', failedTaskCount: 1 }]);
    given.runs(1);
    given.wait(60).runs(2);
    const [late] = given.report([2, EXITS]);
    expect(late).toMatchObject({ failure: 'EXITED_EARLY' });
    expect(late).not.toHaveProperty('failedTaskCount');
  });

  test('that exits early together with the last healthy one counts', () => {
    const given = new Given();
    given.runs(0);
    given.wait(60).runs(1);
    expect(given.report([0, EXITS], [1, EXITS])).toMatchObject([{}, { failure: 'EXITED_EARLY', failedTaskCount: 1 }]);
  });

  test('that ran for long enough proves health: the counts begin anew', () => {
    const given = new Given();
    given.report([0, FAILS]);
    given.runs(1);
    expect(given.wait(60).report([1, EXITS])).toMatchObject([{ provesHealth: true, failedTaskCount: 0 }]);
    expect(given.service.state.consecutiveFailures).toBe(0);
    given.runs(2);
    expect(given.wait(60).report([2, EXITS])[0]).not.toHaveProperty('provesHealth');
  });
});

test('with a health check, health alone proves anything', () => {
  const given = new Given({ checked: true });
  given.report([0, FAILS]);
  expect(given.runs(1, 'UNKNOWN')[0]).not.toHaveProperty('healthyAt');
  expect(given.runs(1, 'HEALTHY')).toMatchObject([{ healthStatus: 'HEALTHY', provesHealth: true, failedTaskCount: 0 }]);
});

test('a healthy one that exits early counts, if it was the last', () => {
  const given = new Given({ checked: true });
  given.runs(0, 'HEALTHY');
  expect(given.report([0, EXITS])).toMatchObject([{ failure: 'EXITED_EARLY', failedTaskCount: 1 }]);
});

test('resetOnHealthyTask false: the circuit breaker never begins anew', () => {
  const given = new Given({ checked: true, breaker: { resetOnHealthyTask: false } });
  given.report([0, FAILS]);
  expect(given.runs(1, 'HEALTHY')[0]).not.toHaveProperty('failedTaskCount');
  expect(given.failedTasks).toBe(1);
});

test('a stop on purpose is no failure; stops for health are', () => {
  const given = new Given({ checked: true });
  given.service.cluster.accept({ type: 'StopTask', taskId: given.tasks[0] ?? '' });
  expect(given.report([0, FAILS])[0]).not.toHaveProperty('failure');
  const taskIds = given.tasks.slice(1, 3);
  expect(
    given.service.cluster.accept({
      type: 'StopServiceTasks',
      serviceName: 'web',
      taskIds,
      cause: 'HEALTH_CHECK',
      reason: 'x',
    }),
  ).toMatchObject([
    { cause: 'HEALTH_CHECK', failedTaskCount: 1 },
    { cause: 'HEALTH_CHECK', failedTaskCount: 2 },
  ]);
});

test('reports of one request count on, and the third failure in a row makes the next start wait', () => {
  const given = new Given();
  expect(given.report([0, FAILS], [1, FAILS], [2, FAILS])).toMatchObject([
    { failedTaskCount: 1 },
    { failedTaskCount: 2 },
    { failedTaskCount: 3, delaysStarts: true },
  ]);
  expect(given.service.start(1)).toMatchObject({
    events: [{ type: 'ServiceStartsDelayed', cause: 'START_FAILED', failureCount: 3 }],
  });
});
