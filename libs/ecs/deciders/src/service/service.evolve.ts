import type {
  DeploymentCompleted,
  DeploymentFailed,
  DeploymentImagesResolved,
  DeploymentRetired,
  DeploymentStarted,
  ServiceCreated,
  ServiceDeleted,
  ServiceDeletionRequested,
  ServiceMessagePosted,
  ServiceStartsDelayed,
  ServiceSteadyStateReached,
  ServiceUpdated,
} from '#libs/ecs/messages';
import { assert } from '#libs/kernel';
import type { ClusterState, DeploymentState, ServiceState } from '../cluster-state.ts';
import { isSettled } from './healthy-tasks.ts';
import { completedLaunch } from './service-spec.ts';
import { countDelay, forgetDelays, forgetFailures } from './start-delay.evolve.ts';

/* The events about a service itself. Those about its tasks reach it through the hooks of `service-tasks.evolve.ts`. */

export function evolveServiceUpdated(state: ClusterState, event: ServiceUpdated): void {
  const service = changed(state, event);
  service.steady &&= event.desiredCount === undefined || event.desiredCount === service.desiredCount;
  service.desiredCount = event.desiredCount ?? service.desiredCount;
  service.spec = event.spec ?? service.spec;
  service.taskDefinitionTags = event.taskDefinitionTags ?? service.taskDefinitionTags;
}

export function evolveDeploymentFailed(state: ClusterState, event: DeploymentFailed): void {
  deploymentOf(changed(state, event), event.deploymentId).rolloutState = 'FAILED';
}

export function evolveDeploymentRetired(state: ClusterState, event: DeploymentRetired): void {
  const service = changed(state, event);
  service.deployments = service.deployments.filter(({ deploymentId }) => deploymentId !== event.deploymentId);
}

export function evolveServiceSteadyStateReached(
  state: ClusterState,
  event: ServiceSteadyStateReached,
  at: number,
): void {
  const service = changed(state, event);
  service.steady = true;
  service.steadyAt = at;
  // Whatever was wrong has passed: should it come again, it is posted again.
  service.recentMessages.clear();
  forgetDelays(service);
}

export function evolveServiceStartsDelayed(state: ClusterState, event: ServiceStartsDelayed): void {
  const service = changed(state, event);
  countDelay(service, event);
}

export function evolveServiceDeletionRequested(state: ClusterState, event: ServiceDeletionRequested, at: number): void {
  const service = changed(state, event);
  service.status = 'DRAINING';
  service.drainingSince = at;
  service.desiredCount = 0;
  service.steady = false;
}

/** The service that an event is about; what was worked out about it before does not hold any more. */
function changed(state: ClusterState, { serviceName }: { readonly serviceName: string }): ServiceState {
  const service = state.services.get(serviceName);
  assert(service !== undefined, `a fact names the unknown service ${serviceName}`);
  service.changes += 1;
  return service;
}

function deploymentOf(service: ServiceState, deploymentId: string): DeploymentState {
  const deployment = service.deployments.find((one) => one.deploymentId === deploymentId);
  assert(deployment !== undefined, `a fact names the unknown deployment ${deploymentId}`);
  return deployment;
}

export function evolveServiceCreated(state: ClusterState, event: ServiceCreated): void {
  const { serviceName, spec, desiredCount, tags, taskDefinitionTags, requestHash, clientToken } = event;
  assert(!state.services.has(serviceName), `service ${serviceName} was created twice`);
  state.inactiveServices.delete(serviceName);
  state.services.set(serviceName, {
    serviceName,
    status: 'ACTIVE',
    drainingSince: null,
    spec,
    desiredCount,
    tags,
    taskDefinitionTags,
    requestHash,
    clientToken,
    deployments: [],
    lastCompleted: null,
    taskIds: new Set(),
    startsDelayedUntil: null,
    startObstacle: null,
    startDelays: 0,
    roomDelays: 0,
    consecutiveFailures: 0,
    steady: false,
    steadyAt: null,
    recentMessages: new Map(),
    changes: 0,
  });
}

/** INACTIVE names are kept in the order in which the services ended, so the old ones come first. */
export function evolveServiceDeleted(state: ClusterState, event: ServiceDeleted, at: number): void {
  const { serviceName, taskIds } = changed(state, event);
  assert(taskIds.size === 0, `service ${serviceName} was deleted with tasks`);
  state.services.delete(serviceName);
  for (const [name, expiresAt] of state.inactiveServices) {
    if (at < expiresAt) break;
    state.inactiveServices.delete(name);
  }
  state.inactiveServices.set(serviceName, event.expiresAt);
}

/** The newest deployment is PRIMARY. A new task definition is a new hope: nothing is delayed any more (S19). */
export function evolveDeploymentStarted(state: ClusterState, event: DeploymentStarted, at: number): void {
  const service = changed(state, event);
  const { deploymentId, taskDefinitionArn, hasHealthCheck, rollbackOf = null } = event;
  service.deployments.unshift({
    deploymentId,
    taskDefinitionArn,
    rolloutState: 'IN_PROGRESS',
    createdAt: at,
    pendingCount: 0,
    runningCount: 0,
    stoppingCount: 0,
    failedTasks: 0,
    hasRun: false,
    imageDigests: null,
    rollbackOf,
    hasHealthCheck,
    unsettled: new Map(),
  });
  service.steady = false;
  service.recentMessages.clear();
  forgetDelays(service);
}

export function evolveDeploymentImagesResolved(state: ClusterState, event: DeploymentImagesResolved): void {
  const service = changed(state, event);
  const { deploymentId, imageDigests } = event;
  const deployment = deploymentOf(service, deploymentId);
  assert(deployment.imageDigests === null, `the images of ${deploymentId} were settled twice`);
  deployment.imageDigests = imageDigests;
  // A service of no tasks is complete before any image was looked at.
  if (service.lastCompleted?.deploymentId === deploymentId)
    service.lastCompleted = { ...service.lastCompleted, imageDigests };
}

export function evolveDeploymentCompleted(state: ClusterState, event: DeploymentCompleted, at: number): void {
  const service = changed(state, event);
  const deployment = deploymentOf(service, event.deploymentId);
  deployment.rolloutState = 'COMPLETED';
  deployment.failedTasks = 0;
  for (const [taskId, healthyAt] of deployment.unsettled) {
    if (isSettled(healthyAt, at)) deployment.unsettled.delete(taskId);
  }
  const { taskDefinitionTags, spec } = service;
  service.lastCompleted = {
    deploymentId: deployment.deploymentId,
    taskDefinitionArn: deployment.taskDefinitionArn,
    taskDefinitionTags,
    networkConfiguration: spec.networkConfiguration,
    volumeConfigurations: spec.volumeConfigurations,
    imageDigests: deployment.imageDigests,
    ...completedLaunch(spec),
  };
  forgetFailures(service);
}

export function evolveServiceMessagePosted(state: ClusterState, event: ServiceMessagePosted, at: number): void {
  const service = changed(state, event);
  const { recentMessages } = service;
  for (const [message, silentUntil] of recentMessages) if (at >= silentUntil) recentMessages.delete(message);
  const [oldest] = recentMessages.keys();
  if (event.forgetsOldest === true && oldest !== undefined) recentMessages.delete(oldest);
  if (event.silentUntil === undefined) return;
  // The newest comes last.
  recentMessages.delete(event.message);
  recentMessages.set(event.message, event.silentUntil);
}
