import type { HealthStatus } from '#libs/ecs/messages';
import { taskHealth } from './task-health.ts';
import type { DeploymentRecord, TaskRecord } from './records.ts';
import { isWanted } from './task-counting.ts';

/**
 * Without a health check a task counts as healthy after it has been RUNNING for this long. ECS waits 40 seconds
 *; the decider does not, and the agreement spec holds both to the same number.
 */
const HEALTHY_AFTER_RUNNING_SECONDS = 5;

/** `stoppedReason` of a task that its service stopped for its health. */
const FAILED_HEALTH_CHECKS_REASON = 'Task failed container health checks';

/*
 * What `failedTasks` shows: the circuit breaker's count, told here once more from the same facts.
 */

/** A task's report is in; `before` is what it was. */
export function noteRunning(
  task: TaskRecord,
  before: { readonly running: boolean; readonly health: HealthStatus },
): void {
  const { deployment } = task;
  if (deployment === null || task.lastStatus !== 'RUNNING' || !isWanted(task)) return;
  deployment.hasRun = true;
  if (!hasHealthCheck(task)) return;
  const health = healthOf(task);
  if (health === 'HEALTHY' && (!before.running || before.health !== health)) forgive(deployment);
}

/** A task has STOPPED. One that was told to says nothing about its deployment. */
export function noteEnd(task: TaskRecord, at: number): void {
  const { deployment, stopCode, runningSince } = task;
  if (deployment === null || (stopCode !== 'TaskFailedToStart' && stopCode !== 'EssentialContainerExited')) return;
  if (runningSince === null) {
    if (!deployment.hasRun) deployment.failedTasks += 1;
  } else if (at < runningSince + HEALTHY_AFTER_RUNNING_SECONDS * 1000) {
    if (!hasHealthyTask(task, at)) deployment.failedTasks += 1;
  } else if (!hasHealthCheck(task)) {
    forgive(deployment);
  }
}

/** A task was told to stop that was not before. */
export function noteStopRequested({ deployment, stopCode, stoppedReason }: TaskRecord): void {
  if (deployment === null || stopCode !== 'ServiceSchedulerInitiated') return;
  if (stoppedReason === FAILED_HEALTH_CHECKS_REASON) deployment.failedTasks += 1;
}

export function healthOf(task: TaskRecord): HealthStatus {
  return taskHealth(task.taskDefinition.containerDefinitions, task.containers);
}

function forgive(deployment: DeploymentRecord): void {
  const breaker = deployment.spec.deploymentConfiguration.deploymentCircuitBreaker;
  if (breaker?.resetOnHealthyTask !== false) deployment.failedTasks = 0;
}

function hasHealthCheck({ taskDefinition }: TaskRecord): boolean {
  return taskDefinition.containerDefinitions.some(
    ({ essential, healthCheck }) => essential && healthCheck !== undefined,
  );
}

function hasHealthyTask({ service, deployment }: TaskRecord, at: number): boolean {
  for (const task of service?.tasks ?? []) {
    if (task.deployment === deployment && isHealthy(task, at)) return true;
  }
  return false;
}

function isHealthy(task: TaskRecord, at: number): boolean {
  if (task.lastStatus !== 'RUNNING' || !isWanted(task) || task.runningSince === null) return false;
  if (hasHealthCheck(task)) return healthOf(task) === 'HEALTHY';
  return at >= task.runningSince + HEALTHY_AFTER_RUNNING_SECONDS * 1000;
}
