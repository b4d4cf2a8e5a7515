import type { ClusterEvent, ClusterLifecycleCommand, ClusterLifecycleEvent, TermStarted } from '#libs/ecs/messages';
import type { ClusterState } from '../cluster-state.ts';
import type { DecideTable, EvolveTable } from '../shared/message-tables.ts';
import { decideCreateCluster, decideDeleteCluster, decideUpdateCluster } from './cluster-lifecycle.decider.ts';
import {
  evolveClusterCreated,
  evolveClusterDeleted,
  evolveClusterUpdated,
  evolveResourceTagged,
  evolveResourceUntagged,
  evolveTaskDefinitionImported,
  evolveTermStarted,
} from './cluster.evolve.ts';
import { decideElapseTime } from './elapse-time.decider.ts';
import { decideTagClusterResource, decideUntagClusterResource } from './tagging.decider.ts';

export const clusterDeciders: DecideTable<ClusterState, ClusterLifecycleCommand, ClusterEvent> = {
  CreateCluster: decideCreateCluster,
  UpdateCluster: decideUpdateCluster,
  DeleteCluster: decideDeleteCluster,
  TagClusterResource: decideTagClusterResource,
  UntagClusterResource: decideUntagClusterResource,
  ElapseTime: decideElapseTime,
};

export const clusterEvolvers: EvolveTable<ClusterState, ClusterLifecycleEvent | TermStarted> = {
  TermStarted: evolveTermStarted,
  ClusterCreated: evolveClusterCreated,
  ClusterUpdated: evolveClusterUpdated,
  ClusterDeleted: evolveClusterDeleted,
  TaskDefinitionImported: evolveTaskDefinitionImported,
  ClusterResourceTagged: evolveResourceTagged,
  ClusterResourceUntagged: evolveResourceUntagged,
};
