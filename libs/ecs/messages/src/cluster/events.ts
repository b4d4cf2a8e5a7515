import type { EventCatalogue } from '#libs/kernel';
import type { Fact } from '../fact.ts';
import type { RecordedClusterConfiguration } from '../recorded/cluster-configuration.ts';
import type { RecordedTag } from '../recorded/common.ts';
import type { RecordedCapacityProviderStrategyItem } from '../recorded/service-configuration.ts';
import type { RecordedTaskDefinition } from '../recorded/task-definition.ts';

export interface ClusterCreated extends Fact<'ClusterCreated'> {
  readonly clusterName: string;
  /** Holds region and account, so that every ARN of the cluster can be rebuilt from the log alone. */
  readonly clusterArn: string;
  readonly settings: readonly RecordedClusterSetting[];
  readonly configuration?: RecordedClusterConfiguration;
  readonly capacityProviders: readonly string[];
  readonly defaultCapacityProviderStrategy: readonly RecordedCapacityProviderStrategyItem[];
  readonly tags: readonly RecordedTag[];
}

export interface RecordedClusterSetting {
  readonly name: 'containerInsights';
  readonly value: string;
}

/** Absent members did not change. */
export interface ClusterUpdated extends Fact<'ClusterUpdated'> {
  readonly settings?: readonly RecordedClusterSetting[];
  readonly configuration?: RecordedClusterConfiguration;
}

/** INACTIVE from now on; the name may be used again (a later ClusterCreated in the same shard). */
export interface ClusterDeleted extends Fact<'ClusterDeleted'> {
  /** Until when it can be described (ms). */
  readonly expiresAt: number;
}

/** A revision used here for the first time, whole: from now on this shard can be folded by itself. */
export interface TaskDefinitionImported extends Fact<'TaskDefinitionImported'> {
  readonly taskDefinition: RecordedTaskDefinition;
}

export interface ClusterResourceTagged extends Fact<'ClusterResourceTagged'> {
  readonly resource: TaggedResource;
  readonly tags: readonly RecordedTag[];
  /** Of a task on a host: its agent is sent the new tags. */
  readonly isSent?: true;
}

export interface ClusterResourceUntagged extends Fact<'ClusterResourceUntagged'> {
  readonly resource: TaggedResource;
  readonly tagKeys: readonly string[];
  /** Of a task on a host: its agent is sent the new tags. */
  readonly isSent?: true;
}

/** What carries tags inside a cluster's shard. */
export type TaggedResource =
  | { readonly kind: 'cluster' }
  | { readonly kind: 'container-instance' | 'task'; readonly id: string }
  | { readonly kind: 'service'; readonly name: string };

/** What has happened to a cluster as such, and to whatever in it can be tagged. */
export type ClusterLifecycleEvent =
  | ClusterCreated
  | ClusterUpdated
  | ClusterDeleted
  | TaskDefinitionImported
  | ClusterResourceTagged
  | ClusterResourceUntagged;

export const clusterLifecycleEvents: EventCatalogue<ClusterLifecycleEvent> = {
  ClusterCreated: { v: 1 },
  ClusterUpdated: { v: 1 },
  ClusterDeleted: { v: 1 },
  TaskDefinitionImported: { v: 1 },
  ClusterResourceTagged: { v: 1 },
  ClusterResourceUntagged: { v: 1 },
};
