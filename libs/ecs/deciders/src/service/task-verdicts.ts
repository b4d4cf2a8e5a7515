import { TASK_STATUS_RANK } from '#libs/ecs/messages';
import type { TaskStateChanged } from '#libs/ecs/messages';
import type { ClusterState, DeploymentState, ServiceState, TaskState } from '../cluster-state.ts';
import { resetsOnHealthyTask } from './deployment-configuration.ts';
import { healthyAfterRunningSince, healthyTaskCount, isSettled } from './healthy-tasks.ts';
import { delaysStarts } from './start-delay.ts';

/** What a report says about a task. */
export interface TaskChange {
  readonly lastStatus: TaskStateChanged['lastStatus'];
  readonly healthStatus: TaskState['healthStatus'];
  /** The agent has seen it run. */
  readonly hasStarted: boolean;
  /** Of a task that ended by itself. */
  readonly stopCode: TaskStateChanged['stopCode'];
}

/** What the fact says about the service of the task. */
export type TaskVerdict = Pick<
  TaskStateChanged,
  'healthyAt' | 'failure' | 'delaysStarts' | 'provesHealth' | 'failedTaskCount'
>;

const NOTHING: TaskVerdict = {};

/** Counters of a service and its deployments as they are after the facts of this command so far. */
interface Tally {
  consecutiveFailures: number;
  delays: number;
  readonly failedTasks: Map<string, number>;
  readonly haveRun: Set<string>;
  /** How many more healthy tasks a deployment has than the state says, or less. */
  readonly healthyTasks: Map<string, number>;
}

/**
 * Decides what reports about tasks mean for their services: when a task counts as healthy, whether its end is a failure,
 * whether it counts for the circuit breaker, whether the next start waits. One command reports many tasks, so the
 * counters of the reports before are kept here.
 */
export class TaskVerdicts {
  readonly #state: ClusterState;
  readonly #at: number;
  readonly #tallies = new Map<ServiceState, Tally>();

  constructor(state: ClusterState, at: number) {
    this.#state = state;
    this.#at = at;
  }

  of(task: TaskState, change: TaskChange): TaskVerdict {
    const service = this.#state.services.get(task.template.serviceName ?? '');
    const deployment = service?.deployments.find(({ deploymentId }) => deploymentId === task.template.deploymentId);
    if (service === undefined || deployment === undefined) return NOTHING;
    const tally = this.#tallyOf(service);
    this.#countHealthy(deployment, tally, task, change);
    const hasRun = change.lastStatus === 'RUNNING' || change.hasStarted;
    const runningSince = task.runningSince ?? (hasRun ? this.#at : null);
    if (change.lastStatus === 'STOPPED') return this.#end(service, deployment, tally, change, runningSince);
    if (change.lastStatus !== 'RUNNING' || task.desiredStatus === 'STOPPED' || runningSince === null) return NOTHING;
    const began = TASK_STATUS_RANK[task.lastStatus] < TASK_STATUS_RANK.RUNNING;
    if (began) tally.haveRun.add(deployment.deploymentId);
    if (!deployment.hasHealthCheck) return began ? { healthyAt: healthyAfterRunningSince(runningSince) } : NOTHING;
    const isNews = began || change.healthStatus !== task.healthStatus;
    return isNews && change.healthStatus === 'HEALTHY' ? prove(service, deployment, tally) : NOTHING;
  }

  /** The end of a task that was not requested to stop. */
  #end(
    service: ServiceState,
    deployment: DeploymentState,
    tally: Tally,
    { stopCode }: TaskChange,
    runningSince: number | null,
  ): TaskVerdict {
    if (stopCode !== 'TaskFailedToStart' && stopCode !== 'EssentialContainerExited') return NOTHING;
    if (runningSince === null) {
      const hasRun = deployment.hasRun || tally.haveRun.has(deployment.deploymentId);
      return fail('START_FAILED', service, deployment, tally, !hasRun);
    }
    if (this.#at < healthyAfterRunningSince(runningSince)) {
      const healthy = healthyTaskCount(deployment, this.#at) + (tally.healthyTasks.get(deployment.deploymentId) ?? 0);
      return fail('EXITED_EARLY', service, deployment, tally, healthy === 0);
    }
    return deployment.hasHealthCheck ? NOTHING : prove(service, deployment, tally);
  }

  /** Two tasks may end in one report: the second one is the last, though the state still has the first. */
  #countHealthy(deployment: DeploymentState, tally: Tally, task: TaskState, change: TaskChange): void {
    const isDesired = task.desiredStatus === 'RUNNING';
    const wasRunning = isDesired && TASK_STATUS_RANK[task.lastStatus] === TASK_STATUS_RANK.RUNNING;
    const healthyAt = deployment.unsettled.get(task.taskId);
    const was = wasRunning && (healthyAt === undefined || isSettled(healthyAt, this.#at));
    const runs = isDesired && change.lastStatus === 'RUNNING';
    const is = runs && (deployment.hasHealthCheck ? change.healthStatus === 'HEALTHY' : was);
    if (is === was) return;
    const { deploymentId } = deployment;
    tally.healthyTasks.set(deploymentId, (tally.healthyTasks.get(deploymentId) ?? 0) + (is ? 1 : -1));
  }

  #tallyOf(service: ServiceState): Tally {
    let tally = this.#tallies.get(service);
    if (tally === undefined) {
      const { consecutiveFailures, startDelays, roomDelays } = service;
      const delays = startDelays + roomDelays;
      tally = { consecutiveFailures, delays, failedTasks: new Map(), haveRun: new Set(), healthyTasks: new Map() };
      this.#tallies.set(service, tally);
    }
    return tally;
  }
}

function fail(
  failure: 'START_FAILED' | 'EXITED_EARLY',
  service: ServiceState,
  deployment: DeploymentState,
  tally: Tally,
  countsForDeployment: boolean,
): TaskVerdict {
  tally.consecutiveFailures += 1;
  const delays = delaysStarts(service, tally.consecutiveFailures);
  return {
    failure,
    ...(delays && { delaysStarts: true }),
    ...(countsForDeployment && { failedTaskCount: setFailed(deployment, tally, failedOf(deployment, tally) + 1) }),
  };
}

/** A task proved that the service's tasks run. Recorded only where there is something to forget. */
function prove(service: ServiceState, deployment: DeploymentState, tally: Tally): TaskVerdict {
  const forgets = tally.consecutiveFailures > 0 || tally.delays > 0;
  const resets = failedOf(deployment, tally) > 0 && resetsOnHealthyTask(service.spec.deploymentConfiguration);
  tally.consecutiveFailures = 0;
  tally.delays = 0;
  return {
    ...(forgets && { provesHealth: true }),
    ...(resets && { failedTaskCount: setFailed(deployment, tally, 0) }),
  };
}

function failedOf({ deploymentId, failedTasks }: DeploymentState, tally: Tally): number {
  return tally.failedTasks.get(deploymentId) ?? failedTasks;
}

function setFailed({ deploymentId }: DeploymentState, tally: Tally, count: number): number {
  tally.failedTasks.set(deploymentId, count);
  return count;
}
