import type {
  CapacityProviderStrategyItem,
  ClusterConfiguration,
  ClusterServiceConnectDefaults,
  ClusterSetting,
  Tag,
} from '../model.ts';

export interface CreateCluster {
  readonly type: 'CreateCluster';
  readonly clusterName: string;
  readonly clusterArn: string;
  readonly settings?: readonly ClusterSetting[];
  readonly configuration?: ClusterConfiguration;
  readonly capacityProviders?: readonly string[];
  readonly defaultCapacityProviderStrategy?: readonly CapacityProviderStrategyItem[];
  readonly serviceConnectDefaults?: ClusterServiceConnectDefaults;
  readonly tags?: readonly Tag[];
}

export interface UpdateCluster {
  readonly type: 'UpdateCluster';
  readonly settings?: readonly ClusterSetting[];
  readonly configuration?: ClusterConfiguration;
  readonly serviceConnectDefaults?: ClusterServiceConnectDefaults;
}

export interface DeleteCluster {
  readonly type: 'DeleteCluster';
}

export interface TagClusterResource {
  readonly type: 'TagClusterResource';
  readonly resource: ClusterResource;
  readonly tags: readonly Tag[];
}

export interface UntagClusterResource {
  readonly type: 'UntagClusterResource';
  readonly resource: ClusterResource;
  readonly tagKeys: readonly string[];
}

/** A taggable thing inside a cluster's shard. */
export type ClusterResource =
  | { readonly kind: 'cluster' }
  | { readonly kind: 'container-instance' | 'task'; readonly id: string }
  | { readonly kind: 'service'; readonly name: string };

/** The clock driver: let everything happen that is due. */
export interface ElapseTime {
  readonly type: 'ElapseTime';
}

/** Commands about a cluster as such, and about whatever in it can be tagged. */
export type ClusterLifecycleCommand =
  CreateCluster | UpdateCluster | DeleteCluster | TagClusterResource | UntagClusterResource | ElapseTime;
