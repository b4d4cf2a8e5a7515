import type { CloseService, DeleteService } from '#libs/ecs/messages';
import { accept, reject } from '#libs/kernel';
import type { DecisionContext } from '#libs/kernel';
import type { ClusterState } from '../cluster-state.ts';
import { ENDED_RETENTION_MS } from '../shared/ended-retention.ts';
import { clusterNotFound, invalidParameter } from '../shared/rejections.ts';
import type { ClusterDecision } from '../shared/outcome.ts';
import { findService } from './service-rejections.ts';

/**
 * DRAINING from now on, also without tasks; the controller stops those that are left. Deleting it again changes nothing.
 * An unknown service is refused without a text, as ECS does.
 */
export function decideDeleteService(state: ClusterState, { serviceName, force }: DeleteService): ClusterDecision {
  if (state.status !== 'ACTIVE') return reject(clusterNotFound());
  const service = state.services.get(serviceName);
  if (service === undefined) return reject({ code: 'ServiceNotFound', message: '' });
  const { status, desiredCount } = service;
  if (status !== 'ACTIVE') return accept();
  if (desiredCount > 0 && !force) {
    return reject(invalidParameter('The service cannot be stopped while it is scaled above 0.'));
  }
  return accept({ type: 'ServiceDeletionRequested', v: 1, serviceName });
}

/** INACTIVE, after the last task has STOPPED: the name is free, and no task of the old service can be taken for a new one's. */
export function decideCloseService(
  state: ClusterState,
  { serviceName }: CloseService,
  { at }: DecisionContext,
): ClusterDecision {
  const found = findService(state, serviceName);
  if (found.kind === 'rejected') return found;
  const { status, taskIds } = found.service;
  if (status !== 'DRAINING' || taskIds.size > 0) {
    return reject(invalidParameter(`Service ${serviceName} is not DRAINING, or has tasks.`));
  }
  return accept({ type: 'ServiceDeleted', v: 1, serviceName, expiresAt: at + ENDED_RETENTION_MS });
}
