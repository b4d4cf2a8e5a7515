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
export { clusterStateCodec } from './cluster-state.codec.ts';
export { BREAKER_PERCENT_DEFAULT, liveTasksMax } from './service/deployment-configuration.ts';
export { healthyTaskCount, isSettled } from './service/healthy-tasks.ts';
export { MESSAGE_REPEAT_MS, START_BATCH_TASKS_MAX } from './service/service-limits.ts';
export {
  CONFIGURATION_BLOCKS_MESSAGE,
  FAILED_HEALTH_CHECKS_REASON,
  prefixedMessage,
  STEADY_STATE_MESSAGE,
} from './service/service-texts.ts';
export { excessByProvider } from './service/provider-shares.ts';
export { areStartsDelayed, isDelayDue, waitsForRoom } from './service/start-delay.ts';
export { serviceTaskTemplate, taskDefinitionOfDeployment } from './service/task-template.ts';
export { demandOf } from './task/demand.ts';
export { instanceRefusal } from './task/place-tasks.decider.ts';
export { placementStrategyOf } from './task/placement-strategy.ts';
export { definitionsFor, wantedPageOf } from './task/wanted-set.ts';
