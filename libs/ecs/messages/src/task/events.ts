import type { EventCatalogue } from '#libs/kernel';
import type { Fact } from '../fact.ts';
import type { RecordedPlacementConstraint, RecordedPlacementStrategy, RecordedTag } from '../recorded/common.ts';
import type {
  RecordedCapacityProviderStrategyItem,
  RecordedNetworkConfiguration,
} from '../recorded/service-configuration.ts';
import type { RecordedTaskOverride } from '../recorded/task-override.ts';

/** Tasks exist from here on (PROVISIONING, desired RUNNING). All made from one template. */
export interface TasksRequested extends Fact<'TasksRequested'> {
  readonly taskIds: readonly string[];
  readonly template: TaskTemplate;
  /** What each of them takes from its container instance, from its placement until it has STOPPED. */
  readonly resources: RecordedTaskResources;
  /** StartTask: the container instances that were asked for, one per task. */
  readonly containerInstanceIds?: readonly string[];
  /** RunTask and StartTask: what identifies a repeated request. */
  readonly clientToken?: RecordedClientToken;
  /** Of a service whose starts wait for room: they still do, for the tasks that are missing besides these. */
  readonly keepsStartDelay?: true;
}

/** How tasks are made. */
export interface TaskTemplate {
  readonly taskDefinitionArn: string;
  readonly group: string;
  readonly startedBy?: string;
  readonly launchType: string;
  readonly overrides?: RecordedTaskOverride;
  readonly placementConstraints: readonly RecordedPlacementConstraint[];
  readonly placementStrategy: readonly RecordedPlacementStrategy[];
  readonly tags: readonly RecordedTag[];
  readonly enableExecuteCommand?: boolean;
  readonly networkConfiguration?: RecordedNetworkConfiguration;
  readonly capacityProviderStrategy?: readonly RecordedCapacityProviderStrategyItem[];
  /** The item of the strategy that these tasks fell to. */
  readonly capacityProviderName?: string;
  /** FARGATE: the version that LATEST or a number came to, such as `1.4.0`. */
  readonly platformVersion?: string;
  /** FARGATE: what each task may write besides volumes. */
  readonly ephemeralStorageGiB?: number;
  readonly volumeConfigurations?: readonly RecordedVolumeConfiguration[];
  /** Set for tasks of a service. */
  readonly serviceName?: string;
  readonly deploymentId?: string;
}

/** A volume that is `configuredAtLaunch`: what was asked for, with Amazon's defaults filled in. */
export interface RecordedVolumeConfiguration {
  readonly name: string;
  readonly sizeInGiB: number;
  readonly filesystemType: 'ext3' | 'ext4' | 'xfs';
  readonly volumeType: string;
  readonly roleArn: string;
  readonly deleteOnTermination: boolean;
  readonly tags?: readonly RecordedTag[];
  /** Of a service: where its tasks' volumes take further tags from. Of a task, its tags are all there. */
  readonly propagateTags?: 'TASK_DEFINITION' | 'SERVICE';
}

/** CPU units, MiB, fixed host ports, devices by type. */
export interface RecordedTaskResources {
  readonly cpu: number;
  readonly memory: number;
  readonly tcpPorts: readonly number[];
  readonly udpPorts: readonly number[];
  readonly devices?: Readonly<Record<string, number>>;
}

export interface RecordedClientToken {
  readonly token: string;
  /** A request with this token must have this hash, or it is another request. */
  readonly requestHash: string;
  /** When the token counts as new again (ms); earlier where no task was placed. */
  readonly expiresAt: number;
  readonly expiresWithoutTasksAt: number;
}

/** On their container instances: resources are reserved, the agents are sent their tasks after the ack. */
export interface TasksPlaced extends Fact<'TasksPlaced'> {
  /** PROVISIONING: they have no network interface yet. Absent: PENDING. */
  readonly lastStatus?: 'PROVISIONING';
  readonly placements: readonly { readonly taskId: string; readonly containerInstanceId: string }[];
}

/** These tasks end here, before they were ever visible: no container instance fits. */
export interface TaskPlacementFailed extends Fact<'TaskPlacementFailed'> {
  readonly taskIds: readonly string[];
  readonly failures: readonly RecordedPlacementFailure[];
  readonly serviceName?: string;
  /** Of a service: its next start is preceded by a delay. */
  readonly delaysStarts?: true;
}

/** One container instance that refused, or a reason of the whole cluster (null). `reason` is a code such as `RESOURCE:CPU`. */
export interface RecordedPlacementFailure {
  readonly containerInstanceId: string | null;
  readonly reason: string;
  readonly detail?: string;
}

/** What an agent reported and the log did not know yet. Containers and times are the whole known state of the task. */
export interface TaskStateChanged extends Fact<'TaskStateChanged'> {
  readonly taskId: string;
  /** Never behind the one before. STOPPED releases the resources. */
  readonly lastStatus: 'PROVISIONING' | 'PENDING' | 'RUNNING' | 'STOPPING' | 'DEPROVISIONING' | 'STOPPED';
  readonly containers: readonly RecordedContainer[];
  /** Of network mode awsvpc, once it has an address. */
  readonly networkInterface?: RecordedNetworkInterface;
  /** Absent: UNKNOWN. */
  readonly healthStatus?: 'HEALTHY' | 'UNHEALTHY';
  /** ms since the epoch. */
  readonly pullStartedAt?: number;
  readonly pullStoppedAt?: number;
  readonly startedAt?: number;
  readonly executionStoppedAt?: number;
  /** Set with STOPPED unless the task was requested to stop before. */
  readonly stopCode?: StopCode;
  readonly stoppedReason?: string;
  /** Of a service's task without a health check, when it begins to run: when it counts as healthy (ms). */
  readonly healthyAt?: number;
  /** Of a service's task that ended by itself: it never ran, or not for long enough to count as healthy. */
  readonly failure?: 'START_FAILED' | 'EXITED_EARLY';
  /** The next start of the service is preceded by a delay. */
  readonly delaysStarts?: true;
  /** The service's tasks do run: its failures in a row are forgotten. */
  readonly provesHealth?: true;
  /** Tasks of its deployment that failed, from here on: what the circuit breaker looks at. Absent: as before. */
  readonly failedTaskCount?: number;
}

export interface RecordedContainer {
  readonly name: string;
  readonly lastStatus: 'PENDING' | 'RUNNING' | 'STOPPED';
  readonly runtimeId?: string;
  readonly imageDigest?: string;
  readonly exitCode?: number;
  readonly reason?: string;
  readonly networkBindings?: readonly RecordedNetworkBinding[];
  readonly healthStatus?: 'HEALTHY' | 'UNHEALTHY' | 'UNKNOWN';
  readonly gpuIds?: readonly string[];
}

/** A published port or range of ports. */
export interface RecordedNetworkBinding {
  readonly bindIP: string;
  readonly containerPort?: number;
  readonly hostPort?: number;
  readonly containerPortRange?: string;
  readonly hostPortRange?: string;
  readonly protocol: 'tcp' | 'udp';
}

export interface RecordedNetworkInterface {
  readonly subnetId: string;
  readonly macAddress: string;
  readonly privateIpv4Address: string;
  readonly ipv6Address?: string;
}

export type StopCode = 'TaskFailedToStart' | 'EssentialContainerExited' | 'UserInitiated' | 'ServiceSchedulerInitiated';

/** SCALING: of a service that has more tasks than it wants, or wants other ones. */
export type StopCause = 'USER' | 'SCALING' | 'HEALTH_CHECK';

/** desiredStatus is STOPPED from here on; the directive goes out after the ack. */
export interface TaskStopRequested extends Fact<'TaskStopRequested'> {
  readonly taskId: string;
  readonly cause: StopCause;
  readonly stopCode: StopCode;
  readonly stoppedReason: string;
  /** Tasks of its deployment that failed, from here on. Absent: as before. */
  readonly failedTaskCount?: number;
}

/** STOPPED without an agent's report: its container instance was deregistered by force, or it was never placed. */
export interface TaskStopped extends Fact<'TaskStopped'> {
  readonly taskId: string;
  readonly cause: 'CONTAINER_INSTANCE_DEREGISTERED' | 'NEVER_PLACED';
  readonly stopCode: StopCode;
  readonly stoppedReason: string;
}

/** Retention: stopped long enough ago; gone from state and views, still in the history. */
export interface TasksForgotten extends Fact<'TasksForgotten'> {
  readonly taskIds: readonly string[];
}

export type TaskEvent =
  | TasksRequested
  | TasksPlaced
  | TaskPlacementFailed
  | TaskStateChanged
  | TaskStopRequested
  | TaskStopped
  | TasksForgotten;

export const taskEvents: EventCatalogue<TaskEvent> = {
  TasksRequested: { v: 1 },
  TasksPlaced: { v: 1 },
  TaskPlacementFailed: { v: 1 },
  TaskStateChanged: { v: 1 },
  TaskStopRequested: { v: 1 },
  TaskStopped: { v: 1 },
  TasksForgotten: { v: 1 },
};
