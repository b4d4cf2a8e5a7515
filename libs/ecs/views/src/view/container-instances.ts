import { isPoolHost } from '#libs/ecs/messages';
import type { ClusterRecords, InstanceRecord } from './records.ts';

/** A container instance as callers of the API know them: hosts of the Fargate pool are none. */
export function containerInstanceOf(
  { instances }: Pick<ClusterRecords, 'instances'>,
  instanceId: string,
): InstanceRecord | undefined {
  const instance = instances.get(instanceId);
  return instance === undefined || isPoolHost(instance.launchTypes) ? undefined : instance;
}

/** In the order of registration, INACTIVE ones too. */
export function* containerInstancesOf({ instances }: Pick<ClusterRecords, 'instances'>): Iterable<InstanceRecord> {
  for (const instance of instances.values()) if (!isPoolHost(instance.launchTypes)) yield instance;
}
