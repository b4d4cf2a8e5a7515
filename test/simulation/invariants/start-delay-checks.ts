import type { ClusterEvent } from '#libs/ecs/messages';
import type { EventCheck } from './event-check.ts';
import { HEALTHY_AFTER_MS, liveTasks } from './log-checks.ts';
import type { LogModel } from './log-model.ts';
import type { ModelTask } from './model-records.ts';
import type { ReportViolation } from './violation.ts';

/** Failures in a row that cost no time. */
const FREE_FAILURES_MAX = 2;
const DELAY_MS_MIN = 1_000;
type Obstacle = 'never ran' | 'ran for a moment' | 'no room';
const DELAY_MS_MAX: Readonly<Record<Obstacle, number>> = {
  'never ran': 27 * 60_000,
  'ran for a moment': 10_000,
  'no room': 5 * 60_000,
};

/** What has gone wrong with the starts of one service since something last went well. */
interface Starts {
  failures: number;
  /** Delays after failures so far. */
  delays: number;
  /** Waits for room so far: they say nothing about the tasks. */
  roomDelays: number;
  /** What must be waited for before the next start; null: nothing. */
  obstacle: Obstacle | null;
  /** Starts wait until then (ms); null: they do not. */
  until: number | null;
}

/** S19: starts of a service that fail again and again are spaced. */
export class StartDelayChecks implements EventCheck {
  readonly #model: LogModel;
  readonly #report: ReportViolation;
  readonly #starts = new Map<string, Starts>();
  #taskBefore: Pick<ModelTask, 'lastStatus' | 'healthStatus'> | null = null;

  constructor(model: LogModel, report: ReportViolation) {
    this.#model = model;
    this.#report = report;
  }

  before(event: ClusterEvent, at: number): void {
    const task = this.#taskOf(event);
    this.#taskBefore = task === undefined ? null : { ...task };
    if (event.type === 'TasksRequested' && event.template.serviceName !== undefined) {
      this.#checkStart(event.template.serviceName, at);
    } else if (event.type === 'ServiceStartsDelayed') {
      this.#checkDelay(event.serviceName, event.until - at);
    }
  }

  after(event: ClusterEvent, at: number): void {
    switch (event.type) {
      case 'ServiceCreated':
      case 'DeploymentStarted':
      case 'ServiceSteadyStateReached':
        this.#starts.delete(event.serviceName);
        break;
      case 'DeploymentCompleted':
        forgive(this.#startsOf(event.serviceName));
        break;
      case 'ServiceStartsDelayed':
        delay(this.#startsOf(event.serviceName), event.until);
        break;
      case 'TasksRequested':
        if (event.template.serviceName !== undefined) this.#started(event.template.serviceName, at);
        break;
      case 'TaskPlacementFailed':
        if (event.serviceName !== undefined) fail(this.#startsOf(event.serviceName), 'no room');
        break;
      default: {
        const task = this.#taskOf(event);
        if (task !== undefined) this.#changed(task, at);
      }
    }
  }

  #taskOf(event: ClusterEvent): ModelTask | undefined {
    if (event.type !== 'TaskStateChanged') return undefined;
    const task = this.#model.tasks.get(event.taskId);
    const { serviceName, deploymentId } = task?.template ?? {};
    const deployments = this.#model.services.get(serviceName ?? '')?.deployments ?? [];
    // The last tasks of a retired deployment say nothing about the service any more.
    return deployments.some((deployment) => deployment.deploymentId === deploymentId) ? task : undefined;
  }

  #startsOf(serviceName: string): Starts {
    let starts = this.#starts.get(serviceName);
    if (starts === undefined) {
      starts = { failures: 0, delays: 0, roomDelays: 0, obstacle: null, until: null };
      this.#starts.set(serviceName, starts);
    }
    return starts;
  }

  #checkStart(serviceName: string, at: number): void {
    const { failures, obstacle, until } = this.#startsOf(serviceName);
    if (obstacle !== null && until === null) {
      this.#report('S19', `${serviceName} starts tasks at once after ${failures} failures in a row`);
    }
    // Room that comes ends the wait for it.
    if (until !== null && at < until && obstacle !== 'no room') {
      this.#report('S19', `${serviceName} starts tasks ${until - at} ms before its delay is over`);
    }
  }

  #checkDelay(serviceName: string, delayMs: number): void {
    const { obstacle, ...starts } = this.#startsOf(serviceName);
    const delays = obstacle === 'no room' ? starts.roomDelays : starts.delays;
    if (obstacle === null) return this.#report('S19', `${serviceName} delays its starts without a reason`);
    const right = Math.min(DELAY_MS_MIN * 2 ** delays, DELAY_MS_MAX[obstacle]);
    if (delayMs === right) return;
    this.#report(
      'S19',
      `${serviceName} delays its starts by ${delayMs} ms for the ${delays + 1}. time (${obstacle}), not by ${right}`,
    );
  }

  #started(serviceName: string, at: number): void {
    const starts = this.#startsOf(serviceName);
    const service = this.#model.services.get(serviceName);
    const primary = service?.deployments[0]?.deploymentId;
    const live = service === undefined ? [] : liveTasks(service);
    const ofPrimary = live.filter(({ template }) => template.deploymentId === primary).length;
    // A few that found room before their time leave the delay of the others standing.
    if (starts.until !== null && at < starts.until && ofPrimary < (service?.desiredCount ?? 0)) return;
    starts.until = null;
    starts.obstacle = null;
  }

  #changed(task: ModelTask, at: number): void {
    const starts = this.#startsOf(task.template.serviceName ?? '');
    const before = this.#taskBefore;
    const isUp = task.lastStatus === 'RUNNING' && task.desiredStatus === 'RUNNING';
    const isHealed = before?.lastStatus !== 'RUNNING' || before.healthStatus !== 'HEALTHY';
    if (isUp && task.healthStatus === 'HEALTHY' && isHealed) forgive(starts);
    if (task.lastStatus !== 'STOPPED') return;
    if (task.stopCode !== 'TaskFailedToStart' && task.stopCode !== 'EssentialContainerExited') return;
    if (task.runningSince === null) fail(starts, 'never ran');
    else if (at < task.runningSince + HEALTHY_AFTER_MS) fail(starts, 'ran for a moment');
    else if (!task.hasHealthCheck) forgive(starts);
  }
}

function forgive(starts: Starts): void {
  starts.failures = 0;
  starts.delays = 0;
  starts.roomDelays = 0;
}

function delay(starts: Starts, until: number): void {
  if (starts.obstacle === 'no room') starts.roomDelays += 1;
  else starts.delays += 1;
  starts.until = until;
}

function fail(starts: Starts, obstacle: Obstacle): void {
  if (obstacle !== 'no room') starts.failures += 1;
  const failsAgain = obstacle !== 'no room' && starts.failures > FREE_FAILURES_MAX;
  // Room ends the wait for room, but not for tasks that fail wherever they start.
  if (starts.until === null ? obstacle === 'no room' || failsAgain : failsAgain && starts.obstacle === 'no room') {
    starts.obstacle = obstacle;
  }
}
