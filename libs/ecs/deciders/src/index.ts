export { accountDecider } from './account.decider.ts';
export type { AccountDecider } from './account.decider.ts';
export type { AccountState, FamilyState, RevisionState } from './account-state.ts';
export { accountStateCodec } from './account-state.codec.ts';
export { clusterDecider } from './cluster.decider.ts';
export type { ClusterDecider, ClusterSaga } from './cluster.decider.ts';
export type {
  ClientTokenState,
  ClusterState,
  CompletedDeployment,
  DeploymentState,
  InstanceState,
  ServiceState,
  TaskState,
} from './cluster-state.ts';
export {
  areStartsDelayed,
  BREAKER_PERCENT_DEFAULT,
  CONFIGURATION_BLOCKS_MESSAGE,
  FAILED_HEALTH_CHECKS_REASON,
  healthyTaskCount,
  isDelayDue,
  isSettled,
  liveTasksMax,
  MESSAGE_REPEAT_MS,
  prefixedMessage,
  serviceTaskTemplate,
  START_BATCH_TASKS_MAX,
  STEADY_STATE_MESSAGE,
  taskDefinitionOfDeployment,
  waitsForRoom,
} from './service/index.ts';
export { clusterStateCodec } from './cluster-state.codec.ts';
export { demandOf } from './task/demand.ts';
export { instanceRefusal } from './task/place-tasks.decider.ts';
export { definitionsFor, wantedPageOf } from './task/wanted-set.ts';
