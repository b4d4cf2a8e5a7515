import type { Rejection } from '#libs/ecs/messages';
import { reject } from '#libs/kernel';
import type { Rejected } from '#libs/kernel';
import type { ClusterState, ServiceState } from '../cluster-state.ts';
import { clusterNotFound } from '../shared/rejections.ts';

export function serviceNotFound(): Rejection {
  return { code: 'ServiceNotFound', message: 'Service not found.' };
}

export function serviceNotActive(): Rejection {
  return { code: 'ServiceNotActive', message: 'Service was not ACTIVE.' };
}

/** The named service of an ACTIVE cluster, or why there is none. */
export function findService(
  state: ClusterState,
  serviceName: string,
): { readonly kind: 'found'; readonly service: ServiceState } | Rejected<Rejection> {
  if (state.status !== 'ACTIVE') return reject(clusterNotFound());
  const service = state.services.get(serviceName);
  return service === undefined ? reject(serviceNotFound()) : { kind: 'found', service };
}

/** The same for commands that only an ACTIVE service takes. */
export function findActiveService(
  state: ClusterState,
  serviceName: string,
  at: number,
): ReturnType<typeof findService> {
  const found = findService(state, serviceName);
  if (found.kind === 'found') return found.service.status === 'ACTIVE' ? found : reject(serviceNotActive());
  const expiresAt = state.inactiveServices.get(serviceName);
  const isInactive = state.status === 'ACTIVE' && expiresAt !== undefined && at < expiresAt;
  return isInactive ? reject(serviceNotActive()) : found;
}
