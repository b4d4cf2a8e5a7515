import type { EventCatalogue } from '#libs/kernel';
import type { ClusterResource } from './commands.ts';
import type { Fact } from '../fact.ts';
import type {
  CapacityProviderStrategyItem,
  ClusterConfiguration,
  ClusterSetting,
  Tag,
  TaskDefinition,
} from '../model.ts';

export interface ClusterCreated extends Fact<'ClusterCreated'> {
  readonly clusterName: string;
  /** Holds region and account, so that every ARN of the cluster can be rebuilt from the log alone. */
  readonly clusterArn: string;
  readonly settings: readonly ClusterSetting[];
  readonly configuration?: ClusterConfiguration;
  readonly capacityProviders: readonly string[];
  readonly defaultCapacityProviderStrategy: readonly CapacityProviderStrategyItem[];
  readonly tags: readonly Tag[];
}

export interface ClusterUpdated extends Fact<'ClusterUpdated'> {
  readonly settings?: readonly ClusterSetting[];
  readonly configuration?: ClusterConfiguration;
}

/** INACTIVE from now on; the name may be used again (a later ClusterCreated in the same shard). */
export type ClusterDeleted = Fact<'ClusterDeleted'>;

/** A revision used here for the first time, whole: from now on this shard can be folded by itself. */
export interface TaskDefinitionImported extends Fact<'TaskDefinitionImported'> {
  readonly taskDefinition: TaskDefinition;
}

export interface ClusterResourceTagged extends Fact<'ClusterResourceTagged'> {
  readonly resource: ClusterResource;
  readonly tags: readonly Tag[];
}

export interface ClusterResourceUntagged extends Fact<'ClusterResourceUntagged'> {
  readonly resource: ClusterResource;
  readonly tagKeys: readonly string[];
}

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
