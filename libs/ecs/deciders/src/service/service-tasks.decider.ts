import type { ClusterEvent, StartServiceTasks, StopServiceTasks } from '#libs/ecs/messages';
import { accept, reject } from '#libs/kernel';
import type { DecisionContext } from '#libs/kernel';
import type { ClusterState, DeploymentState, ServiceState, TaskState } from '../cluster-state.ts';
import { invalidParameter } from '../shared/rejections.ts';
import type { ClusterDecision } from '../shared/outcome.ts';
import { resourcesOf } from '../task/demand.ts';
import { taskStopRequested } from '../task/task-stop-requested.ts';
import { liveTasksMax } from './deployment-configuration.ts';
import { START_BATCH_TASKS_MAX } from './service-limits.ts';
import { findActiveService, findService } from './service-rejections.ts';
import { areStartsDelayed, isDelayDue, keepsStartDelay, startDelayOf, waitsForRoom } from './start-delay.ts';
import { sharesByProvider } from './provider-shares.ts';
import { serviceTaskTemplate, taskDefinitionOfDeployment } from './task-template.ts';

/**
 * Makes tasks of the primary deployment. After failures the first answer is a delay instead: this is where starts are
 * spaced, whatever asks for them (S19), and where maximumPercent holds (S10).
 */
export function decideStartServiceTasks(
  state: ClusterState,
  { serviceName, deploymentId, count }: StartServiceTasks,
  { at, ids }: DecisionContext,
): ClusterDecision {
  const found = findActiveService(state, serviceName, at);
  if (found.kind === 'rejected') return found;
  const { service } = found;
  const primary = service.deployments[0];
  if (primary?.deploymentId !== deploymentId || primary.rolloutState === 'FAILED') {
    return reject(
      invalidParameter(`Deployment ${deploymentId} takes no tasks: it has failed or is not the primary one.`),
    );
  }
  if (!Number.isInteger(count) || count < 1 || count > START_BATCH_TASKS_MAX) {
    return reject(invalidParameter(`count must be between 1 and ${START_BATCH_TASKS_MAX}.`));
  }
  const liveMax = liveTasksMax(service.desiredCount, service.spec.deploymentConfiguration);
  if (liveTasks(service) + count > liveMax) {
    return reject(invalidParameter(`${serviceName} may have at most ${liveMax} tasks at once.`));
  }
  if (isDelayDue(service) && service.startObstacle !== null) {
    const until = at + startDelayOf(service, service.startObstacle);
    const { startObstacle: cause, consecutiveFailures: failureCount } = service;
    return accept({ type: 'ServiceStartsDelayed', v: 1, serviceName, cause, until, failureCount });
  }
  if (areStartsDelayed(service, at) && !waitsForRoom(service)) {
    return reject(invalidParameter(`${serviceName} starts no tasks for now: they failed too often.`));
  }
  const template = serviceTaskTemplate(state, service, primary);
  const resources = resourcesOf(taskDefinitionOfDeployment(state, primary.taskDefinitionArn));
  const keeps = keepsStartDelay(service, count, at);
  const requested = sharesByProvider(state, service, count).map((share): ClusterEvent => ({
    type: 'TasksRequested',
    v: 1,
    taskIds: Array.from({ length: share.count }, () => ids.hex32()),
    template:
      share.capacityProviderName === undefined
        ? template
        : { ...template, capacityProviderName: share.capacityProviderName },
    resources,
    ...(keeps && { keepsStartDelay: true }),
  }));
  return accept(...requested);
}

function liveTasks({ deployments }: ServiceState): number {
  return deployments.reduce((sum, { pendingCount, runningCount }) => sum + pendingCount + runningCount, 0);
}

/** Stops tasks of one service. Tasks that are gone or stopping already are skipped; foreign ones are refused. */
export function decideStopServiceTasks(
  state: ClusterState,
  { serviceName, taskIds, cause, reason }: StopServiceTasks,
): ClusterDecision {
  const found = findService(state, serviceName);
  if (found.kind === 'rejected') return found;
  const events: ClusterEvent[] = [];
  const failed = new Map<DeploymentState, number>();
  for (const taskId of new Set(taskIds)) {
    const task = state.tasks.get(taskId);
    if (task === undefined || task.desiredStatus === 'STOPPED') continue;
    if (task.template.serviceName !== serviceName) {
      return reject(invalidParameter(`Task ${taskId} does not belong to service ${serviceName}.`));
    }
    const requested = taskStopRequested(task, cause, 'ServiceSchedulerInitiated', reason);
    const failedTaskCount = cause === 'HEALTH_CHECK' ? countFailed(found.service, task, failed) : undefined;
    events.push(failedTaskCount === undefined ? requested : { ...requested, failedTaskCount });
    // Never placed: no agent will ever report the end.
    if (task.instanceId === null) {
      events.push({
        type: 'TaskStopped',
        v: 1,
        taskId,
        cause: 'NEVER_PLACED',
        stopCode: 'ServiceSchedulerInitiated',
        stoppedReason: reason,
      });
    }
  }
  return { kind: 'accepted', events };
}

/** A task that is stopped because its health check failed is a failure of its deployment. */
function countFailed(
  { deployments }: ServiceState,
  { template }: TaskState,
  failed: Map<DeploymentState, number>,
): number | undefined {
  const deployment = deployments.find(({ deploymentId }) => deploymentId === template.deploymentId);
  if (deployment === undefined) return undefined;
  const count = (failed.get(deployment) ?? deployment.failedTasks) + 1;
  failed.set(deployment, count);
  return count;
}
