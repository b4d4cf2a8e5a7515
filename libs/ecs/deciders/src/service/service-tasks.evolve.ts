import { TASK_STATUS_RANK } from '#libs/ecs/messages';
import type { TaskPlacementFailed, TaskStateChanged, TaskStopRequested } from '#libs/ecs/messages';
import { assert } from '#libs/kernel';
import type { ClusterState, DeploymentState, ServiceState, TaskState } from '../cluster-state.ts';
import type { TaskMoment } from '../task/task-moment.ts';
import { isSettled } from './healthy-tasks.ts';
import { forgetFailures } from './start-delay.evolve.ts';

type Part = 'pending' | 'running' | 'stopping' | 'gone';

function partOf({ lastStatus, desiredStatus }: Pick<TaskMoment, 'lastStatus' | 'desiredStatus'>): Part {
  if (lastStatus === 'STOPPED') return 'gone';
  if (desiredStatus === 'STOPPED') return 'stopping';
  return TASK_STATUS_RANK[lastStatus] < TASK_STATUS_RANK.RUNNING ? 'pending' : 'running';
}

/** Tasks of one service and deployment exist from now on. */
export function onServiceTasksRequested(
  state: ClusterState,
  tasks: readonly TaskState[],
  keepsStartDelay: boolean,
): void {
  const first = tasks[0];
  if (first === undefined) return;
  const { service, deployment } = ownersOf(state, first);
  assert(deployment !== undefined, `tasks were requested for no deployment of ${service.serviceName}`);
  for (const { taskId } of tasks) service.taskIds.add(taskId);
  deployment.pendingCount += tasks.length;
  service.steady = false;
  service.changes += 1;
  if (keepsStartDelay) return;
  service.startsDelayedUntil = null;
  service.startObstacle = null;
}

/** No instance took these tasks. Called while they are still known; they leave the state right after. */
export function onServiceTaskPlacementFailed(state: ClusterState, event: TaskPlacementFailed): void {
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
  if (event.delaysStarts === true) service.startObstacle = 'NO_ROOM';
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
}

/** What a fact about a service's task says about the service and its deployment, as it was decided. */
export function onServiceTaskVerdict(
  state: ClusterState,
  task: TaskState,
  event: TaskStateChanged | TaskStopRequested,
): void {
  const { service, deployment } = ownersOf(state, task);
  if (deployment !== undefined) deployment.failedTasks = event.failedTaskCount ?? deployment.failedTasks;
  if (event.type === 'TaskStopRequested') return;
  if (event.healthyAt !== undefined && deployment !== undefined) settleLater(deployment, task, event.healthyAt);
  if (event.failure !== undefined) service.consecutiveFailures += 1;
  if (event.failure !== undefined && event.delaysStarts === true) service.startObstacle = event.failure;
  if (event.provesHealth === true) forgetFailures(service);
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

/** Keeps `unsettled` true to its meaning. */
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
  if (began) deployment.hasRun = true;
  if (!deployment.hasHealthCheck || (!began && task.healthStatus === before.healthStatus)) return;
  service.steady = false;
  if (task.healthStatus === 'HEALTHY') deployment.unsettled.delete(task.taskId);
  else deployment.unsettled.set(task.taskId, null);
}

/** Those before it that have settled meanwhile are forgotten. */
function settleLater(deployment: DeploymentState, { taskId, runningSince }: TaskState, settlesAt: number): void {
  assert(runningSince !== null, `task ${taskId} is RUNNING since no time`);
  for (const [settledId, healthyAt] of deployment.unsettled) {
    if (!isSettled(healthyAt, runningSince)) break;
    deployment.unsettled.delete(settledId);
  }
  deployment.unsettled.set(taskId, settlesAt);
}
