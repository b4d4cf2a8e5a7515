import type { DomainEvent } from '#libs/kernel';
import type { InstanceResources, InstanceVersionInfo } from './container-instance.ts';
import type { TaskReport } from './task-report.ts';
import type {
  ClusterResource,
  PlacementFailure,
  ServiceSpec,
  TaskPlacement,
  TaskTemplate,
} from './cluster-commands.ts';
import type { Attribute, Opaque, Tag, TaskDefinition } from './task-definition.ts';

/*
 * The facts of a cluster's shard. Events are for ever: a shape is never changed, a new version (`v`) and an upcaster are
 * added. Times are those of the decision that recorded them. Unknown members must be tolerated.
 */

interface Fact<Type extends string> extends DomainEvent {
  readonly type: Type;
  readonly v: 1;
}

/** A writer opened the shard; commits of older terms are refused from here on. */
export interface TermStarted extends Fact<'TermStarted'> {
  readonly term: number;
}

export interface ClusterCreated extends Fact<'ClusterCreated'> {
  readonly clusterName: string;
  /** Holds region and account, so that every ARN of the cluster can be rebuilt from the log alone. */
  readonly clusterArn: string;
  readonly settings: readonly { readonly name: string; readonly value: string }[];
  readonly configuration?: Opaque;
  readonly capacityProviders: readonly string[];
  readonly defaultCapacityProviderStrategy: readonly Opaque[];
  readonly tags: readonly Tag[];
}

export interface ClusterUpdated extends Fact<'ClusterUpdated'> {
  readonly settings?: readonly { readonly name: string; readonly value: string }[];
  readonly configuration?: Opaque;
}

/** INACTIVE from now on; the name may be used again (a later ClusterCreated in the same shard). */
export type ClusterDeleted = Fact<'ClusterDeleted'>;

/** First registration: ACTIVE and connected. */
export interface ContainerInstanceRegistered extends Fact<'ContainerInstanceRegistered'> {
  readonly instanceId: string;
  readonly sessionId: string;
  readonly resources: InstanceResources;
  /** Automatic and custom ones, as reported. */
  readonly attributes: readonly Attribute[];
  readonly versionInfo: InstanceVersionInfo;
  readonly hostname: string;
  readonly tags: readonly Tag[];
}

/** The same instance came back with a new session: connected again. Absent members did not change. */
export interface ContainerInstanceConnected extends Fact<'ContainerInstanceConnected'> {
  readonly instanceId: string;
  readonly sessionId: string;
  readonly resources?: InstanceResources;
  readonly attributes?: readonly Attribute[];
  readonly versionInfo?: InstanceVersionInfo;
}

export interface ContainerInstanceDisconnected extends Fact<'ContainerInstanceDisconnected'> {
  readonly instanceId: string;
  readonly sessionId: string;
}

export interface ContainerInstanceStatusChanged extends Fact<'ContainerInstanceStatusChanged'> {
  readonly instanceId: string;
  /** DEREGISTERING: its tasks are being stopped, in several steps because there are many; INACTIVE follows. */
  readonly status: 'ACTIVE' | 'DRAINING' | 'DEREGISTERING';
}

/** INACTIVE for ever; its tasks were stopped by TaskStopped events before. */
export interface ContainerInstanceDeregistered extends Fact<'ContainerInstanceDeregistered'> {
  readonly instanceId: string;
}

export interface AttributesPut extends Fact<'AttributesPut'> {
  readonly instanceId: string;
  readonly attributes: readonly Attribute[];
}

export interface AttributesDeleted extends Fact<'AttributesDeleted'> {
  readonly instanceId: string;
  readonly names: readonly string[];
}

/** A revision used here for the first time, whole: from now on this shard can be folded by itself. */
export interface TaskDefinitionImported extends Fact<'TaskDefinitionImported'> {
  readonly taskDefinition: TaskDefinition;
}

/** Tasks exist from here on (PROVISIONING, desired RUNNING). All made from one template. */
export interface TasksRequested extends Fact<'TasksRequested'> {
  readonly taskIds: readonly string[];
  readonly template: TaskTemplate;
  /** StartTask: the instances, one a task, that were asked for. */
  readonly instanceIds?: readonly string[];
  /** RunTask and StartTask: a request with this token must have this hash, or it is another request. */
  readonly clientToken?: string;
  readonly requestHash?: string;
}

/** PENDING on their instances: resources are reserved, the agents are told after the ack. */
export interface TasksPlaced extends Fact<'TasksPlaced'> {
  readonly placements: readonly TaskPlacement[];
}

/** These tasks end here, before they were ever visible: no instance fits. */
export interface TasksPlacementFailed extends Fact<'TasksPlacementFailed'> {
  readonly taskIds: readonly string[];
  readonly failures: readonly PlacementFailure[];
  readonly serviceName?: string;
}

/** What an agent reported and the log did not know yet. The report is the whole known state of the task. */
export interface TaskStateChanged extends Fact<'TaskStateChanged'> {
  readonly report: TaskReport;
  /** The status that follows: never behind the one before. STOPPED releases the resources. */
  readonly lastStatus: 'PENDING' | 'RUNNING' | 'STOPPING' | 'STOPPED';
  /** Set with STOPPED unless a TaskStopRequested said it before. */
  readonly stopCode?: StopCode;
  readonly stoppedReason?: string;
}

export type StopCode =
  | 'TaskFailedToStart'
  | 'EssentialContainerExited'
  | 'UserInitiated'
  | 'ServiceSchedulerInitiated'
  | 'TerminationNotice';

/** desiredStatus is STOPPED from here on; the agent is told after the ack. */
export interface TaskStopRequested extends Fact<'TaskStopRequested'> {
  readonly taskId: string;
  readonly stopCode: StopCode;
  readonly stoppedReason: string;
}

/** STOPPED without an agent's report: its instance was deregistered by force. */
export interface TaskStopped extends Fact<'TaskStopped'> {
  readonly taskId: string;
  readonly stopCode: StopCode;
  readonly stoppedReason: string;
}

/** Retention: stopped long enough ago; gone from state and views, still in the history. */
export interface TasksForgotten extends Fact<'TasksForgotten'> {
  readonly taskIds: readonly string[];
}

export interface ServiceCreated extends Fact<'ServiceCreated'> {
  readonly serviceName: string;
  readonly spec: ServiceSpec;
  readonly desiredCount: number;
  readonly tags: readonly Tag[];
  /** Tags of the task definition, kept for propagateTags TASK_DEFINITION. */
  readonly taskDefinitionTags: readonly Tag[];
  readonly clientToken?: string;
  /** With clientToken: decides whether a second creation is the same. */
  readonly requestHash?: string;
  /** The principal's ARN. */
  readonly createdBy: string;
}

/** Members that changed. Applies to tasks started later. */
export interface ServiceUpdated extends Fact<'ServiceUpdated'> {
  readonly serviceName: string;
  readonly desiredCount?: number;
  readonly spec?: ServiceSpec;
  readonly taskDefinitionTags?: readonly Tag[];
}

/** The new PRIMARY; the one before becomes ACTIVE. */
export interface DeploymentStarted extends Fact<'DeploymentStarted'> {
  readonly serviceName: string;
  readonly deploymentId: string;
  readonly taskDefinitionArn: string;
  readonly reason: string;
  /** The failed deployment that this one rolls back from. */
  readonly rollbackOf?: string;
}

export interface DeploymentCompleted extends Fact<'DeploymentCompleted'> {
  readonly serviceName: string;
  readonly deploymentId: string;
  readonly reason: string;
}

export interface DeploymentFailed extends Fact<'DeploymentFailed'> {
  readonly serviceName: string;
  readonly deploymentId: string;
  readonly reason: string;
}

/** An older deployment without tasks: INACTIVE, out of the list. */
export interface DeploymentRetired extends Fact<'DeploymentRetired'> {
  readonly serviceName: string;
  readonly deploymentId: string;
}

/** Running = desired, one deployment: the state that `wait services-stable` waits for. */
export interface ServiceSteadyStateReached extends Fact<'ServiceSteadyStateReached'> {
  readonly serviceName: string;
}

/** A line of DescribeServices' `events` (ours: a service message). */
export interface ServiceMessagePosted extends Fact<'ServiceMessagePosted'> {
  readonly serviceName: string;
  readonly messageId: string;
  /** Whole text with the `(service NAME) ` prefix. */
  readonly message: string;
}

/** The service controller waits until then before it starts tasks again (repeated failures, no room). */
export interface ServiceStartsDelayed extends Fact<'ServiceStartsDelayed'> {
  readonly serviceName: string;
  /** ms since the epoch. */
  readonly until: number;
  readonly failures: number;
}

/** DRAINING: tasks are being stopped. */
export interface ServiceDeletionRequested extends Fact<'ServiceDeletionRequested'> {
  readonly serviceName: string;
}

/** INACTIVE; the name is free again. */
export interface ServiceDeleted extends Fact<'ServiceDeleted'> {
  readonly serviceName: string;
}

export interface ClusterResourceTagged extends Fact<'ClusterResourceTagged'> {
  readonly resource: ClusterResource;
  readonly tags: readonly Tag[];
}

export interface ClusterResourceUntagged extends Fact<'ClusterResourceUntagged'> {
  readonly resource: ClusterResource;
  readonly tagKeys: readonly string[];
}

export type ClusterEvent =
  | TermStarted
  | ClusterCreated
  | ClusterUpdated
  | ClusterDeleted
  | ContainerInstanceRegistered
  | ContainerInstanceConnected
  | ContainerInstanceDisconnected
  | ContainerInstanceStatusChanged
  | ContainerInstanceDeregistered
  | AttributesPut
  | AttributesDeleted
  | TaskDefinitionImported
  | TasksRequested
  | TasksPlaced
  | TasksPlacementFailed
  | TaskStateChanged
  | TaskStopRequested
  | TaskStopped
  | TasksForgotten
  | ServiceCreated
  | ServiceUpdated
  | DeploymentStarted
  | DeploymentCompleted
  | DeploymentFailed
  | DeploymentRetired
  | ServiceSteadyStateReached
  | ServiceMessagePosted
  | ServiceStartsDelayed
  | ServiceDeletionRequested
  | ServiceDeleted
  | ClusterResourceTagged
  | ClusterResourceUntagged;
