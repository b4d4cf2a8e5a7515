import { healthyTaskCount, isSettled } from '#libs/ecs/deciders';
import type { ClusterState, DeploymentState, ServiceState, TaskState } from '#libs/ecs/deciders';
import { TASK_STATUS_RANK } from '#libs/ecs/messages';
import { assert } from '#libs/kernel';
import { graceEndsAt, unhealthyTasks } from './unhealthy-tasks.ts';

/**
 * What a task with desiredStatus RUNNING is to its service. `pending`, `settling` and `healthy` ones make up the desired
 * count; `unhealthy` ones and those `to-replace` (of an older deployment, or on a DRAINING instance) do not. `overlooked`
 * ones are unhealthy in their grace period: not replaced, but given up as readily. In the order in which tasks are given
 * up when there are too many.
 */
export const STANDINGS = [
  'to-replace-pending',
  'pending',
  'unhealthy',
  'to-replace-unhealthy',
  'overlooked',
  'settling',
  'to-replace-settling',
  'healthy',
  'to-replace-healthy',
] as const;
export type Standing = (typeof STANDINGS)[number];
export type StandingCounts = Record<Standing, number>;

export function noStandings(): StandingCounts {
  return {
    'to-replace-pending': 0,
    pending: 0,
    unhealthy: 0,
    'to-replace-unhealthy': 0,
    overlooked: 0,
    settling: 0,
    'to-replace-settling': 0,
    healthy: 0,
    'to-replace-healthy': 0,
  };
}

export function sumOf(counts: StandingCounts): number {
  let sum = 0;
  for (const standing of STANDINGS) sum += counts[standing];
  return sum;
}

const NO_TASKS: ReadonlySet<string> = new Set();

/**
 * Counts a service's desired tasks by standing from the counters of its deployments: only tasks that are not healthy (yet)
 * and those on DRAINING instances are looked at one by one.
 */
export function countStandings(
  state: ClusterState,
  service: ServiceState,
  at: number,
  draining: ReadonlySet<string> = NO_TASKS,
): StandingCounts {
  const counts = noStandings();
  service.deployments.forEach((deployment, index) => {
    const healthy = healthyTaskCount(deployment, at);
    let unhealthy = 0;
    let overlooked = 0;
    for (const task of unhealthyTasks(state, deployment)) {
      if (isOverlooked(service, task, at)) overlooked += 1;
      else unhealthy += 1;
    }
    const settling = deployment.runningCount - healthy - unhealthy - overlooked;
    if (index === 0) {
      counts.pending = deployment.pendingCount;
      counts.unhealthy = unhealthy;
      counts.overlooked = overlooked;
      counts.settling = settling;
      counts.healthy = healthy;
    } else {
      counts['to-replace-pending'] += deployment.pendingCount;
      counts['to-replace-unhealthy'] += unhealthy + overlooked;
      counts['to-replace-settling'] += settling;
      counts['to-replace-healthy'] += healthy;
    }
  });
  for (const taskId of draining) {
    const task = state.tasks.get(taskId);
    if (task === undefined) continue;
    const standing = standingOf(service, task, at);
    const replaced = replacedStanding(standing);
    if (standing === null || replaced === null || standing === replaced) continue;
    counts[standing] -= 1;
    counts[replaced] += 1;
  }
  return counts;
}

/** The standing of one task, or null when its desiredStatus is STOPPED. */
export function standingOf(
  service: ServiceState,
  task: TaskState,
  at: number,
  draining: ReadonlySet<string> = NO_TASKS,
): Standing | null {
  if (task.desiredStatus !== 'RUNNING') return null;
  const index = service.deployments.findIndex(({ deploymentId }) => deploymentId === task.template.deploymentId);
  const deployment = service.deployments[index];
  assert(deployment !== undefined, `task ${task.taskId} belongs to no deployment of ${service.serviceName}`);
  const standing = ownStanding(service, deployment, task, at);
  return index > 0 || draining.has(task.taskId) ? replacedStanding(standing) : standing;
}

function ownStanding(service: ServiceState, deployment: DeploymentState, task: TaskState, at: number): Standing {
  if (TASK_STATUS_RANK[task.lastStatus] < TASK_STATUS_RANK.RUNNING) return 'pending';
  const healthyAt = deployment.unsettled.get(task.taskId);
  if (healthyAt === undefined || isSettled(healthyAt, at)) return 'healthy';
  if (task.healthStatus !== 'UNHEALTHY') return 'settling';
  return isOverlooked(service, task, at) ? 'overlooked' : 'unhealthy';
}

function isOverlooked(service: ServiceState, task: TaskState, at: number): boolean {
  return at < graceEndsAt(service, task);
}

function replacedStanding(standing: Standing | null): Standing | null {
  switch (standing) {
    case 'pending':
      return 'to-replace-pending';
    case 'unhealthy':
    case 'overlooked':
      return 'to-replace-unhealthy';
    case 'settling':
      return 'to-replace-settling';
    case 'healthy':
      return 'to-replace-healthy';
    default:
      return standing;
  }
}
