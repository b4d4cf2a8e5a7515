import { TASK_STATUS_RANK } from '#libs/ecs/messages';
import type { TasksPlacementFailed } from '#libs/ecs/messages';
import { assert } from '#libs/kernel';
import type { ClusterState, DeploymentState, ServiceState, TaskState } from '../cluster-state.ts';
import type { TaskMoment } from '../task/task-moment.ts';
import { resetsOnHealthyTask } from './deployment-configuration.ts';
import { healthyAfterRunningSince, healthyTaskCount, isSettled } from './healthy-tasks.ts';
import { FAILED_HEALTH_CHECKS_REASON } from './service-texts.ts';
import { countFailure, countStart, forgetFailures } from './start-delay.ts';

type Part = 'pending' | 'running' | 'stopping' | 'gone';

function partOf({ lastStatus, desiredStatus }: Pick<TaskMoment, 'lastStatus' | 'desiredStatus'>): Part {
  if (lastStatus === 'STOPPED') return 'gone';
  if (desiredStatus === 'STOPPED') return 'stopping';
  return TASK_STATUS_RANK[lastStatus] < TASK_STATUS_RANK.RUNNING ? 'pending' : 'running';
}

/** Tasks of one service and deployment exist from now on. */
export function onServiceTasksRequested(state: ClusterState, tasks: readonly TaskState[]): void {
  const first = tasks[0];
  if (first === undefined) return;
  const { service, deployment } = ownersOf(state, first);
  assert(deployment !== undefined, `tasks were requested for no deployment of ${service.serviceName}`);
  for (const { taskId } of tasks) service.taskIds.add(taskId);
  deployment.pendingCount += tasks.length;
  service.steady = false;
  service.changes += 1;
  countStart(service, first.createdAt);
}

/** No instance took these tasks. Called while they are still known; they leave the state right after. */
export function onServiceTasksPlacementFailed(state: ClusterState, event: TasksPlacementFailed, _at: number): void {
  let service: ServiceState | null = null;
  for (const taskId of event.taskIds) {
    const task = state.tasks.get(taskId);
    assert(task !== undefined, `the unknown task ${taskId} found no place`);
    const owners = ownersOf(state, task);
    service = owners.service;
    service.taskIds.delete(taskId);
    if (owners.deployment !== undefined) count(owners.deployment, partOf(task), -1);
  }
  if (service === null) return;
  service.changes += 1;
  countFailure(service, 'NO_ROOM');
}

/** Called after every change of a service's task, with what it was before. */
export function onServiceTaskChanged(state: ClusterState, task: TaskState, before: TaskMoment): void {
  const { service, deployment } = ownersOf(state, task);
  const [from, to] = [partOf(before), partOf(task)];
  service.changes += 1;
  if (to === 'gone') service.taskIds.delete(task.taskId);
  // A deployment is retired when it wants no task any more; the last ones may still be stopping.
  if (deployment === undefined) return;
  if (from !== to) {
    count(deployment, from, -1);
    count(deployment, to, 1);
    service.steady = false;
  }
  noteHealth(service, deployment, task, before, from, to);
  if (to === 'gone' && from !== 'gone') noteEnd(service, deployment, task);
  if (task.desiredStatus === 'STOPPED' && before.desiredStatus === 'RUNNING') noteStop(deployment, task);
}

function ownersOf(
  state: ClusterState,
  { taskId, template }: TaskState,
): { readonly service: ServiceState; readonly deployment: DeploymentState | undefined } {
  const service = state.services.get(template.serviceName ?? '');
  assert(service !== undefined, `task ${taskId} belongs to the unknown service ${String(template.serviceName)}`);
  const deployment = service.deployments.find(({ deploymentId }) => deploymentId === template.deploymentId);
  return { service, deployment };
}

function count(deployment: DeploymentState, part: Part, by: 1 | -1): void {
  if (part === 'pending') deployment.pendingCount += by;
  else if (part === 'running') deployment.runningCount += by;
  else if (part === 'stopping') deployment.stoppingCount += by;
}

/** Keeps `unsettled` true to its meaning, and takes every sign of health as a new beginning. */
function noteHealth(
  service: ServiceState,
  deployment: DeploymentState,
  task: TaskState,
  before: TaskMoment,
  from: Part,
  to: Part,
): void {
  if (to !== 'running') {
    deployment.unsettled.delete(task.taskId);
    return;
  }
  const began = from !== 'running';
  if (began) {
    deployment.hasRun = true;
    if (!deployment.hasHealthCheck) settleLater(deployment, task);
  }
  if (!deployment.hasHealthCheck || (!began && task.healthStatus === before.healthStatus)) return;
  service.steady = false;
  if (task.healthStatus === 'HEALTHY') {
    deployment.unsettled.delete(task.taskId);
    noteHealthy(service, deployment);
  } else {
    deployment.unsettled.set(task.taskId, null);
  }
}

function settleLater(deployment: DeploymentState, { taskId, runningSince }: TaskState): void {
  assert(runningSince !== null, `task ${taskId} is RUNNING since no time`);
  for (const [settledId, healthyAt] of deployment.unsettled) {
    if (!isSettled(healthyAt, runningSince)) break;
    deployment.unsettled.delete(settledId);
  }
  deployment.unsettled.set(taskId, healthyAfterRunningSince(runningSince));
}

function noteHealthy(service: ServiceState, deployment: DeploymentState): void {
  forgetFailures(service);
  if (resetsOnHealthyTask(service.spec.deploymentConfiguration)) deployment.failedTasks = 0;
}

/** What the end of a task that nobody told to stop says about its deployment. */
function noteEnd(service: ServiceState, deployment: DeploymentState, task: TaskState): void {
  if (task.stopCode !== 'TaskFailedToStart' && task.stopCode !== 'EssentialContainerExited') return;
  const endedAt = task.stoppedAt ?? task.createdAt;
  if (task.runningSince === null) {
    countFailure(service, 'START_FAILED');
    if (!deployment.hasRun) deployment.failedTasks += 1;
  } else if (endedAt < healthyAfterRunningSince(task.runningSince)) {
    countFailure(service, 'EXITED_EARLY');
    if (healthyTaskCount(deployment, endedAt) === 0) deployment.failedTasks += 1;
  } else if (!deployment.hasHealthCheck) {
    noteHealthy(service, deployment);
  }
}

/** A task that is stopped because its health check failed is a failure of its deployment. */
function noteStop(deployment: DeploymentState, task: TaskState): void {
  if (task.stopCode === 'ServiceSchedulerInitiated' && task.stoppedReason === FAILED_HEALTH_CHECKS_REASON) {
    deployment.failedTasks += 1;
  }
}
