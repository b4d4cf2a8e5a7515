import type { ServiceEvent } from '#libs/ecs/messages';
import type { EventHandlers } from '../view/event-handlers.ts';
import { counted, isCluster, isDeployment, isService, isTaskDefinition, revisionName } from './about.ts';
import type { About, Summary } from './about.ts';

export const serviceSummaries: EventHandlers<ServiceEvent, [about: About], Summary> = {
  ServiceCreated: ({ serviceName, spec, desiredCount }, about) => {
    const words = `created: ${revisionName(spec.taskDefinitionArn)}, desired count ${desiredCount}`;
    return isCluster(about) ? `service ${serviceName} ${words}` : aboutService(about, serviceName, words);
  },
  ServiceUpdated: ({ serviceName, desiredCount, spec }, about) => {
    const changes = [
      desiredCount === undefined ? undefined : `desired count ${desiredCount}`,
      spec && `configuration (${revisionName(spec.taskDefinitionArn)})`,
    ].filter((change) => change !== undefined);
    return aboutService(about, serviceName, `updated: ${changes.join(', ') || 'nothing that shows'}`);
  },
  DeploymentStarted: ({ serviceName, deploymentId, taskDefinitionArn, reason, rollbackOf }, about) => {
    const cause = rollbackOf === undefined ? '' : `, back from ${rollbackOf}`;
    const words = `deployment ${deploymentId} of ${revisionName(taskDefinitionArn)} started${cause}: ${reason}`;
    if (isTaskDefinition(about, taskDefinitionArn)) return `service ${serviceName}: ${words}`;
    return aboutDeployment(about, { serviceName, deploymentId }, words);
  },
  DeploymentImagesResolved: (event, about) => {
    const images = Object.entries(event.imageDigests).map(([name, digest]) => `${name} ${digest}`);
    return aboutDeployment(about, event, `deployment ${event.deploymentId} keeps to the images ${images.join(', ')}`);
  },
  DeploymentCompleted: (event, about) =>
    aboutDeployment(about, event, `deployment ${event.deploymentId} completed: ${event.reason}`),
  DeploymentFailed: (event, about) =>
    aboutDeployment(about, event, `deployment ${event.deploymentId} failed: ${event.reason}`),
  DeploymentRetired: (event, about) =>
    aboutDeployment(about, event, `deployment ${event.deploymentId} has no tasks left`),
  ServiceSteadyStateReached: ({ serviceName }, about) => aboutService(about, serviceName, 'reached a steady state'),
  ServiceMessagePosted: ({ serviceName, deploymentId, message }, about) =>
    isDeployment(about, deploymentId) ? `message: ${message}` : aboutService(about, serviceName, `message: ${message}`),
  ServiceStartsDelayed: ({ serviceName, cause, until, failureCount }, about) => {
    const time = new Date(until).toISOString();
    const why =
      cause === 'NO_ROOM' ? 'because no instance has room' : `after ${counted(failureCount, 'failure')} in a row`;
    return aboutService(about, serviceName, `no starts before ${time} ${why}`);
  },
  ServiceDeletionRequested: ({ serviceName }, about) =>
    aboutService(about, serviceName, 'deletion requested: DRAINING, its tasks are being stopped'),
  ServiceDeleted: ({ serviceName }, about) =>
    isCluster(about) ? `service ${serviceName} deleted` : aboutService(about, serviceName, 'deleted: INACTIVE'),
};

function aboutService(about: About, serviceName: string, words: string): Summary {
  return isService(about, serviceName) ? words : null;
}

/** A deployment's own history, and its service's. */
function aboutDeployment(
  about: About,
  { serviceName, deploymentId }: { readonly serviceName: string; readonly deploymentId: string },
  words: string,
): Summary {
  return isDeployment(about, deploymentId) ? words : aboutService(about, serviceName, words);
}
