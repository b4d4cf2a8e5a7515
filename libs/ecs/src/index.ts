export { accountDecider } from './account.decider.ts';
export type { AccountDecider } from './account.decider.ts';
export type { AccountState, FamilyState, RevisionState } from './account/account-state.ts';
export { clusterDecider } from './cluster.decider.ts';
export type { ClusterDecider, ClusterSaga } from './cluster.decider.ts';
export type {
  ClientTokenState,
  ClusterState,
  DeploymentState,
  InstanceState,
  ServiceState,
  TaskState,
} from './cluster-state.ts';
export { instanceRefusal } from './task/place-tasks.decider.ts';
export { wantedSetOf } from './task/wanted-set.ts';
