import type { ClusterEvent } from '#libs/ecs/messages';
import type { ClusterState } from '#libs/ecs/deciders';

/** What a round of events means for the services of a cluster. */
export interface Touched {
  /** Services to be looked at. true: something has happened to them that the controller did not do itself. */
  readonly services: ReadonlyMap<string, boolean>;
  /** Hosts that may have room which they had not before. */
  readonly hostIds: ReadonlySet<string>;
}

/**
 * Finds the services that a round of events touches. What the controller itself has done only needs its ends looked at:
 * how much more it may start and stop was settled when it did that, and keeps one decision small.
 */
export function touchedBy(state: ClusterState, events: readonly ClusterEvent[], controller: string): Touched {
  const services = new Map<string, boolean>();
  const hostIds = new Set<string>();
  for (const event of events) {
    const touch = (serviceName: string | undefined, isNews: boolean): void => {
      if (serviceName !== undefined) services.set(serviceName, isNews || (services.get(serviceName) ?? false));
    };
    const touchTask = (taskId: string): void => {
      const task = state.tasks.get(taskId);
      touch(task?.template.serviceName, event.by !== controller);
      if (task?.lastStatus === 'STOPPED' && task.instanceId !== null) hostIds.add(task.instanceId);
    };
    switch (event.type) {
      case 'ServiceCreated':
      case 'ServiceUpdated':
      case 'DeploymentStarted':
      case 'ServiceDeletionRequested':
      case 'TaskPlacementFailed':
        touch(event.serviceName, true);
        break;
      case 'DeploymentFailed':
      case 'DeploymentRetired':
        touch(event.serviceName, false);
        break;
      case 'TaskStateChanged':
        touchTask(event.taskId);
        break;
      case 'TaskStopRequested':
      case 'TaskStopped':
        touchTask(event.taskId);
        break;
      case 'ContainerInstanceStatusChanged':
        for (const taskId of state.instances.get(event.containerInstanceId)?.taskIds ?? []) {
          touch(state.tasks.get(taskId)?.template.serviceName, true);
        }
        hostIds.add(event.containerInstanceId);
        break;
      case 'ContainerInstanceRegistered':
      case 'ContainerInstanceConnected':
      case 'AttributesPut':
      case 'AttributesDeleted':
        hostIds.add(event.containerInstanceId);
        break;
      default:
    }
  }
  return { services, hostIds };
}
