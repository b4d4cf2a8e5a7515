import type { InstanceResources, InstanceVersionInfo } from './container-instance.ts';
import type { TaskReport } from './task-report.ts';
import type { WantedSum } from './wanted-task.ts';
import type {
  Attribute,
  Opaque,
  PlacementConstraint,
  PlacementStrategy,
  Tag,
  TaskDefinition,
  TaskOverride,
} from './task-definition.ts';

/*
 * Commands of a cluster's shard. Identifiers are already resolved by the gateway (ids instead of ARNs, a task definition
 * instead of its name); members keep Amazon's names. Commands from outside are decided exactly like those of a saga.
 */

export interface CreateCluster {
  readonly type: 'CreateCluster';
  readonly clusterName: string;
  readonly clusterArn: string;
  readonly settings?: readonly { readonly name: string; readonly value: string }[];
  readonly configuration?: Opaque;
  readonly capacityProviders?: readonly string[];
  readonly defaultCapacityProviderStrategy?: readonly Opaque[];
  readonly serviceConnectDefaults?: Opaque;
  readonly tags?: readonly Tag[];
}

export interface UpdateCluster {
  readonly type: 'UpdateCluster';
  readonly settings?: readonly { readonly name: string; readonly value: string }[];
  readonly configuration?: Opaque;
  readonly serviceConnectDefaults?: Opaque;
}

export interface DeleteCluster {
  readonly type: 'DeleteCluster';
}

/** A host agent opened a session: first registration or return. */
export interface RegisterContainerInstance {
  readonly type: 'RegisterContainerInstance';
  readonly instanceId: string;
  readonly sessionId: string;
  readonly resources: InstanceResources;
  readonly attributes: readonly Attribute[];
  readonly versionInfo: InstanceVersionInfo;
  readonly hostname: string;
  readonly tags?: readonly Tag[];
  /** What the agent has read of its wanted set; it is refused when the set has changed since. Absent: not compared. */
  readonly wanted?: WantedSum;
}

/** The instance monitor missed the heartbeats of the named session. */
export interface ReportInstanceDisconnected {
  readonly type: 'ReportInstanceDisconnected';
  readonly instanceId: string;
  readonly sessionId: string;
}

export interface DeregisterContainerInstance {
  readonly type: 'DeregisterContainerInstance';
  readonly instanceId: string;
  readonly force: boolean;
}

export interface UpdateContainerInstancesState {
  readonly type: 'UpdateContainerInstancesState';
  readonly instanceIds: readonly string[];
  readonly status: 'ACTIVE' | 'DRAINING';
}

export interface PutAttributes {
  readonly type: 'PutAttributes';
  readonly attributes: readonly (Attribute & { readonly instanceId: string })[];
}

export interface DeleteAttributes {
  readonly type: 'DeleteAttributes';
  readonly attributes: readonly (Attribute & { readonly instanceId: string })[];
}

/** What RunTask, StartTask and services share: how a task is to be made. */
export interface TaskTemplate {
  readonly taskDefinitionArn: string;
  readonly group: string;
  readonly startedBy?: string;
  readonly launchType: string;
  readonly overrides?: TaskOverride;
  readonly placementConstraints: readonly PlacementConstraint[];
  readonly placementStrategy: readonly PlacementStrategy[];
  readonly tags: readonly Tag[];
  readonly enableExecuteCommand?: boolean;
  readonly networkConfiguration?: Opaque;
  readonly capacityProviderStrategy?: readonly Opaque[];
  /** Set for tasks of a service. */
  readonly serviceName?: string;
  readonly deploymentId?: string;
}

/** A task definition revision with its tags, as the gateway found it in the account's view. */
export interface ResolvedTaskDefinition {
  readonly taskDefinition: TaskDefinition;
  readonly tags: readonly Tag[];
}

interface StandaloneTaskMembers {
  readonly resolved: ResolvedTaskDefinition;
  readonly group?: string;
  readonly startedBy?: string;
  readonly overrides?: TaskOverride;
  readonly tags?: readonly Tag[];
  readonly propagateTags?: string;
  readonly enableECSManagedTags?: boolean;
  readonly enableExecuteCommand?: boolean;
  readonly networkConfiguration?: Opaque;
  readonly clientToken?: string;
  /** With clientToken: equal for requests that were sent with equal members, before anything was resolved or filled in. */
  readonly requestHash?: string;
}

export interface RunTask extends StandaloneTaskMembers {
  readonly type: 'RunTask';
  /** 1–10. */
  readonly count: number;
  readonly launchType?: string;
  readonly platformVersion?: string;
  readonly capacityProviderStrategy?: readonly Opaque[];
  readonly placementConstraints?: readonly PlacementConstraint[];
  readonly placementStrategy?: readonly PlacementStrategy[];
}

export interface StartTask extends StandaloneTaskMembers {
  readonly type: 'StartTask';
  /** At most 10. */
  readonly instanceIds: readonly string[];
}

export interface StopTask {
  readonly type: 'StopTask';
  readonly taskId: string;
  readonly reason?: string;
}

/** The scheduler's answer for requested tasks; also what an outside scheduler may send. Checked again when decided. */
export interface PlaceTasks {
  readonly type: 'PlaceTasks';
  readonly placements: readonly TaskPlacement[];
  readonly refused: readonly PlacementRefusal[];
}

export interface TaskPlacement {
  readonly taskId: string;
  readonly instanceId: string;
}

/** Tasks that fit nowhere, and why: every instance's refusal counted. */
export interface PlacementRefusal {
  readonly taskIds: readonly string[];
  readonly failures: readonly PlacementFailure[];
}

/** One instance that refused (instanceId), or a whole-cluster reason (null). `reason` as ECS says it: `RESOURCE:CPU`, … */
export interface PlacementFailure {
  readonly instanceId: string | null;
  readonly reason: string;
  readonly detail?: string;
}

/** Facts from one agent; all or nothing in one decision. */
export interface ReportTaskStates {
  readonly type: 'ReportTaskStates';
  readonly instanceId: string;
  readonly sessionId: string;
  readonly reports: readonly TaskReport[];
}

/** Everything about a service but its name and count. Wire members of ECS. */
export interface ServiceSpec {
  readonly taskDefinitionArn: string;
  readonly launchType: string;
  readonly capacityProviderStrategy?: readonly Opaque[];
  readonly networkConfiguration?: Opaque;
  readonly placementConstraints: readonly PlacementConstraint[];
  readonly placementStrategy: readonly PlacementStrategy[];
  readonly schedulingStrategy: 'REPLICA' | 'DAEMON';
  readonly deploymentConfiguration: DeploymentConfiguration;
  readonly healthCheckGracePeriodSeconds?: number;
  readonly enableECSManagedTags: boolean;
  readonly propagateTags: string;
  readonly enableExecuteCommand: boolean;
  readonly availabilityZoneRebalancing: string;
}

export interface DeploymentConfiguration extends Opaque {
  readonly maximumPercent: number;
  readonly minimumHealthyPercent: number;
  readonly deploymentCircuitBreaker?: DeploymentCircuitBreaker;
}

export interface DeploymentCircuitBreaker {
  readonly enable: boolean;
  readonly rollback: boolean;
  readonly resetOnHealthyTask?: boolean;
  readonly thresholdConfiguration?: { readonly type: string; readonly value: number };
}

export interface CreateService {
  readonly type: 'CreateService';
  readonly serviceName: string;
  readonly resolved: ResolvedTaskDefinition;
  readonly desiredCount?: number;
  readonly launchType?: string;
  readonly capacityProviderStrategy?: readonly Opaque[];
  readonly networkConfiguration?: Opaque;
  readonly placementConstraints?: readonly PlacementConstraint[];
  readonly placementStrategy?: readonly PlacementStrategy[];
  readonly schedulingStrategy?: string;
  readonly deploymentConfiguration?: Partial<DeploymentConfiguration>;
  readonly deploymentController?: { readonly type: string };
  readonly healthCheckGracePeriodSeconds?: number;
  readonly enableECSManagedTags?: boolean;
  readonly propagateTags?: string;
  readonly enableExecuteCommand?: boolean;
  readonly availabilityZoneRebalancing?: string;
  readonly tags?: readonly Tag[];
  readonly clientToken?: string;
  /** With clientToken: equal for requests that were sent with equal members, tags aside. */
  readonly requestHash?: string;
}

export interface UpdateService {
  readonly type: 'UpdateService';
  readonly serviceName: string;
  readonly deploymentController?: { readonly type: string };
  readonly resolved?: ResolvedTaskDefinition;
  readonly desiredCount?: number;
  readonly forceNewDeployment?: boolean;
  readonly capacityProviderStrategy?: readonly Opaque[];
  readonly networkConfiguration?: Opaque;
  readonly placementConstraints?: readonly PlacementConstraint[];
  readonly placementStrategy?: readonly PlacementStrategy[];
  readonly deploymentConfiguration?: Partial<DeploymentConfiguration>;
  readonly healthCheckGracePeriodSeconds?: number;
  readonly enableECSManagedTags?: boolean;
  readonly propagateTags?: string;
  readonly enableExecuteCommand?: boolean;
  readonly availabilityZoneRebalancing?: string;
}

export interface DeleteService {
  readonly type: 'DeleteService';
  readonly serviceName: string;
  readonly force: boolean;
}

/** Service controller: make this many tasks of a deployment. */
export interface StartServiceTasks {
  readonly type: 'StartServiceTasks';
  readonly serviceName: string;
  readonly deploymentId: string;
  readonly count: number;
}

/** Service controller: stop these tasks of one service. */
export interface StopServiceTasks {
  readonly type: 'StopServiceTasks';
  readonly serviceName: string;
  readonly taskIds: readonly string[];
  readonly reason: string;
}

/** Service controller: a deployment has come to its end, or an old one has no tasks left. */
export interface SettleDeployment {
  readonly type: 'SettleDeployment';
  readonly serviceName: string;
  readonly deploymentId: string;
  readonly outcome: 'COMPLETED' | 'FAILED' | 'RETIRED';
  readonly reason?: string;
}

/** Service controller: circuit breaker with rollback; a new deployment of an earlier task definition revision. */
export interface RollBackService {
  readonly type: 'RollBackService';
  readonly serviceName: string;
  readonly failedDeploymentId: string;
}

/** Service controller: every task of a draining service is gone. */
export interface CloseService {
  readonly type: 'CloseService';
  readonly serviceName: string;
}

/** Service controller: something that DescribeServices should tell. The text follows the `(service NAME) ` prefix. */
export interface PostServiceMessage {
  readonly type: 'PostServiceMessage';
  readonly serviceName: string;
  readonly message: string;
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

export type ClusterCommand =
  | CreateCluster
  | UpdateCluster
  | DeleteCluster
  | RegisterContainerInstance
  | ReportInstanceDisconnected
  | DeregisterContainerInstance
  | UpdateContainerInstancesState
  | PutAttributes
  | DeleteAttributes
  | RunTask
  | StartTask
  | StopTask
  | PlaceTasks
  | ReportTaskStates
  | CreateService
  | UpdateService
  | DeleteService
  | StartServiceTasks
  | StopServiceTasks
  | SettleDeployment
  | RollBackService
  | CloseService
  | PostServiceMessage
  | TagClusterResource
  | UntagClusterResource
  | ElapseTime;
