import type { CloseService, DeleteService } from '#libs/contracts';
import { accept, reject } from '#libs/kernel';
import type { ClusterState } from '../cluster-state.ts';
import { invalidParameter } from '../shared/rejections.ts';
import type { ClusterDecision } from '../shared/outcome.ts';
import { findService } from './service-rejections.ts';

/** DRAINING from now on; the controller stops the tasks (ecs-behaviour §14). Deleting it again changes nothing. */
export function decideDeleteService(state: ClusterState, { serviceName, force }: DeleteService): ClusterDecision {
  const found = findService(state, serviceName);
  if (found.kind === 'rejected') return found;
  const { status, desiredCount } = found.service;
  if (status !== 'ACTIVE') return accept();
  if (desiredCount > 0 && !force) {
    return reject(invalidParameter('The service cannot be stopped while it is scaled above 0.'));
  }
  return accept({ type: 'ServiceDeletionRequested', v: 1, serviceName });
}

/** INACTIVE, once the last task has STOPPED: the name is free, and no task of the old service can be taken for a new one's. */
export function decideCloseService(state: ClusterState, { serviceName }: CloseService): ClusterDecision {
  const found = findService(state, serviceName);
  if (found.kind === 'rejected') return found;
  const { status, taskIds } = found.service;
  if (status !== 'DRAINING' || taskIds.size > 0) {
    return reject(invalidParameter(`Service ${serviceName} is not DRAINING, or has tasks.`));
  }
  return accept({ type: 'ServiceDeleted', v: 1, serviceName });
}
