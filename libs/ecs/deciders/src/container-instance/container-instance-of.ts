import { isPoolHost } from '#libs/ecs/messages';
import type { ClusterState, InstanceState } from '../cluster-state.ts';

/** A registered container instance as callers know them: hosts of the Fargate pool are none. */
export function containerInstanceOf({ instances }: ClusterState, instanceId: string): InstanceState | undefined {
  const instance = instances.get(instanceId);
  return instance === undefined || isPoolHost(instance.launchTypes) ? undefined : instance;
}

export function hasContainerInstances({ instances }: ClusterState): boolean {
  for (const { launchTypes } of instances.values()) if (!isPoolHost(launchTypes)) return true;
  return false;
}
