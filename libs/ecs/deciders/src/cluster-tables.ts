import type { ClusterCommand, ClusterEvent } from '#libs/ecs/messages';
import type { DecisionContext } from '#libs/kernel';
import type { ClusterState } from './cluster-state.ts';
import { decideCreateCluster, decideDeleteCluster, decideUpdateCluster } from './cluster/cluster-lifecycle.decider.ts';
import {
  evolveClusterCreated,
  evolveClusterDeleted,
  evolveClusterUpdated,
  evolveResourceTagged,
  evolveResourceUntagged,
  evolveTaskDefinitionImported,
  evolveTermStarted,
} from './cluster/cluster.evolve.ts';
import { decideElapseTime } from './cluster/elapse-time.decider.ts';
import { decideTagClusterResource, decideUntagClusterResource } from './cluster/tagging.decider.ts';
import { decideDeleteAttributes, decidePutAttributes } from './instance/attributes.decider.ts';
import {
  decideDeregisterContainerInstance,
  decideReportInstanceDisconnected,
  decideUpdateContainerInstancesState,
} from './instance/instance-status.decider.ts';
import {
  evolveAttributesDeleted,
  evolveAttributesPut,
  evolveConnected,
  evolveDeregistered,
  evolveDisconnected,
  evolveRegistered,
  evolveStatusChanged,
} from './instance/instance.evolve.ts';
import { decideRegisterContainerInstance } from './instance/register-instance.decider.ts';
import {
  decideCloseService,
  decideCreateService,
  decideDeleteService,
  decidePostServiceMessage,
  decideRollBackService,
  decideSettleDeployment,
  decideStartServiceTasks,
  decideStopServiceTasks,
  decideUpdateService,
  evolveService,
} from './service/index.ts';
import type { ClusterDecision } from './shared/outcome.ts';
import { decidePlaceTasks } from './task/place-tasks.decider.ts';
import { decideReportTaskStates } from './task/report-task-states.decider.ts';
import { decideRunTask } from './task/run-task.decider.ts';
import { decideStartTask } from './task/start-task.decider.ts';
import { decideStopTask } from './task/stop-task.decider.ts';
import {
  evolveTasksForgotten,
  evolveTaskStateChanged,
  evolveTaskStopped,
  evolveTaskStopRequested,
} from './task/task-life.evolve.ts';
import { evolveTasksPlaced, evolveTasksPlacementFailed, evolveTasksRequested } from './task/task-request.evolve.ts';

type DecideTable = {
  readonly [Type in ClusterCommand['type']]: (
    state: ClusterState,
    command: Extract<ClusterCommand, { type: Type }>,
    context: DecisionContext,
  ) => ClusterDecision;
};

type EvolveTable = {
  readonly [Type in ClusterEvent['type']]: (
    state: ClusterState,
    event: Extract<ClusterEvent, { type: Type }>,
    at: number,
  ) => void;
};

/** Who decides a command. */
export const DECIDE: DecideTable = {
  CreateCluster: decideCreateCluster,
  UpdateCluster: decideUpdateCluster,
  DeleteCluster: decideDeleteCluster,
  RegisterContainerInstance: decideRegisterContainerInstance,
  ReportInstanceDisconnected: decideReportInstanceDisconnected,
  DeregisterContainerInstance: decideDeregisterContainerInstance,
  UpdateContainerInstancesState: decideUpdateContainerInstancesState,
  PutAttributes: decidePutAttributes,
  DeleteAttributes: decideDeleteAttributes,
  RunTask: decideRunTask,
  StartTask: decideStartTask,
  StopTask: decideStopTask,
  PlaceTasks: decidePlaceTasks,
  ReportTaskStates: decideReportTaskStates,
  CreateService: decideCreateService,
  UpdateService: decideUpdateService,
  DeleteService: decideDeleteService,
  StartServiceTasks: decideStartServiceTasks,
  StopServiceTasks: decideStopServiceTasks,
  SettleDeployment: decideSettleDeployment,
  RollBackService: decideRollBackService,
  CloseService: decideCloseService,
  PostServiceMessage: decidePostServiceMessage,
  TagClusterResource: decideTagClusterResource,
  UntagClusterResource: decideUntagClusterResource,
  ElapseTime: decideElapseTime,
};

/** Who applies an event. */
export const EVOLVE: EvolveTable = {
  TermStarted: evolveTermStarted,
  ClusterCreated: evolveClusterCreated,
  ClusterUpdated: evolveClusterUpdated,
  ClusterDeleted: evolveClusterDeleted,
  ContainerInstanceRegistered: evolveRegistered,
  ContainerInstanceConnected: evolveConnected,
  ContainerInstanceDisconnected: evolveDisconnected,
  ContainerInstanceStatusChanged: evolveStatusChanged,
  ContainerInstanceDeregistered: evolveDeregistered,
  AttributesPut: evolveAttributesPut,
  AttributesDeleted: evolveAttributesDeleted,
  TaskDefinitionImported: evolveTaskDefinitionImported,
  TasksRequested: evolveTasksRequested,
  TasksPlaced: evolveTasksPlaced,
  TasksPlacementFailed: evolveTasksPlacementFailed,
  TaskStateChanged: evolveTaskStateChanged,
  TaskStopRequested: evolveTaskStopRequested,
  TaskStopped: evolveTaskStopped,
  TasksForgotten: evolveTasksForgotten,
  ServiceCreated: evolveService,
  ServiceUpdated: evolveService,
  DeploymentStarted: evolveService,
  DeploymentCompleted: evolveService,
  DeploymentFailed: evolveService,
  DeploymentRetired: evolveService,
  ServiceSteadyStateReached: evolveService,
  ServiceMessagePosted: evolveService,
  ServiceStartsDelayed: evolveService,
  ServiceDeletionRequested: evolveService,
  ServiceDeleted: evolveService,
  ClusterResourceTagged: evolveResourceTagged,
  ClusterResourceUntagged: evolveResourceUntagged,
};
