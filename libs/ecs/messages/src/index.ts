export {
  accountShard,
  arns,
  clusterShard,
  containerArn,
  lastPathElement,
  managedInstanceId,
  parseArn,
  parseShard,
} from './arn.ts';
export type { ParsedArn, ParsedShard } from './arn.ts';
export { ACCOUNT_EVENTS, CLUSTER_EVENTS, eventsOfShard } from './catalogues.ts';
export type {
  Attribute,
  CapacityProviderStrategyItem,
  ClusterConfiguration,
  ClusterServiceConnectDefaults,
  ClusterSetting,
  Compatibility,
  ContainerDefinition,
  ContainerDependency,
  ContainerInput,
  DeploymentCircuitBreaker,
  DeploymentConfiguration,
  ContainerOverride,
  HealthCheck,
  KeyValue,
  NetworkConfiguration,
  PlacementConstraint,
  PlacementStrategy,
  PortMapping,
  Tag,
  TaskDefinition,
  TaskDefinitionInput,
  TaskDefinitionStatus,
  TaskOverride,
  Volume,
  VolumeConfiguration,
} from './model.ts';
export { checkClusterName, isName, NAME_PATTERN, NAME_RULE } from './names.ts';
export { AWS_ERROR_TYPES } from './rejections.ts';
export type { Rejection, RejectionCode } from './rejections.ts';
export {
  HOST_LAUNCH_TYPES,
  HOST_LAUNCH_TYPES_DEFAULT,
  isPoolHost,
  takesLaunchType,
} from './container-instance/host-launch-types.ts';
export type { InstancesAnswer } from './container-instance/answers.ts';
export type { AccountCommand, AccountEvent, ClusterCommand, ClusterEffect, ClusterEvent } from './shards.ts';
export type { TaskDefinitionAnswer, TaskDefinitionsDeletedAnswer } from './task-definition/answers.ts';
export type { TasksAnswer } from './task/answers.ts';
export { networkInterfaceIds, volumeIds } from './task/attachment-ids.ts';
export type { AssignTask } from './task/effects.ts';
export { FARGATE_CAPACITY_REASON, FARGATE_CAPACITY_TEXT } from './task/fargate-capacity.ts';
export { REASON_CHARACTERS_MAX, REPORTS_PER_REQUEST_MAX } from './task/task-report.ts';
export type {
  ContainerReport,
  ContainerStatus,
  HealthStatus,
  NetworkBinding,
  ReportedTaskStatus,
  TaskNetworkInterface,
  TaskReport,
} from './task/task-report.ts';
export { TASK_STATUS_RANK, wantedSum } from './task/wanted-task.ts';
export type {
  DefinitionsAnswer,
  TaskStatus,
  WantedNetwork,
  WantedPage,
  WantedSum,
  WantedTask,
  WantedVolume,
} from './task/wanted-task.ts';
export type { TermStarted } from './term.ts';
export { ecsService } from './wire/ecs-service.ts';

// What Describe* and the responses to changes return, as the model has it.
export type {
  Attribute as AttributeOutput,
  Cluster as ClusterOutput,
  ContainerInstance as ContainerInstanceOutput,
  Service as ServiceOutput,
  Setting as SettingOutput,
  Task as TaskOutput,
  TaskDefinition as TaskDefinitionOutput,
} from './generated/ecs-model.ts';

// Every command and event by its own name: an aggregate's new one is nothing new here.
export type * from './recorded/cluster-configuration.ts';
export type * from './recorded/common.ts';
export type * from './recorded/container-definition.ts';
export type * from './recorded/service-configuration.ts';
export type * from './recorded/task-definition.ts';
export type * from './recorded/task-override.ts';
export type * from './recorded/volume.ts';
export type * from './cluster/commands.ts';
export type * from './cluster/events.ts';
export type * from './container-instance/commands.ts';
export type * from './container-instance/events.ts';
export type * from './service/commands.ts';
export type * from './service/events.ts';
export type * from './task-definition/commands.ts';
export type * from './task-definition/events.ts';
export type * from './task/commands.ts';
export type * from './task/events.ts';
