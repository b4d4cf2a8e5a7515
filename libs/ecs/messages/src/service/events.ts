import type { EventCatalogue } from '#libs/kernel';
import type { Fact } from '../fact.ts';
import type {
  RecordedCapacityProviderStrategyItem,
  RecordedDeploymentConfiguration,
  RecordedNetworkConfiguration,
} from '../recorded/service-configuration.ts';
import type { RecordedVolumeConfiguration } from '../task/events.ts';
import type { RecordedPlacementConstraint, RecordedPlacementStrategy, RecordedTag } from '../recorded/common.ts';

export interface ServiceCreated extends Fact<'ServiceCreated'> {
  readonly serviceName: string;
  readonly spec: ServiceSpec;
  readonly desiredCount: number;
  readonly tags: readonly RecordedTag[];
  /** Tags of the task definition, kept for propagateTags TASK_DEFINITION. */
  readonly taskDefinitionTags: readonly RecordedTag[];
  readonly clientToken?: string;
  /** With clientToken: decides whether a second creation is the same. */
  readonly requestHash?: string;
  /** The principal's ARN. */
  readonly createdBy: string;
}

/** Everything about a service but its name and count, with Amazon's defaults filled in. */
export interface ServiceSpec {
  readonly taskDefinitionArn: string;
  readonly launchType: string;
  readonly capacityProviderStrategy?: readonly RecordedCapacityProviderStrategyItem[];
  /** FARGATE: as it was asked for, such as `LATEST`. */
  readonly platformVersion?: string;
  readonly networkConfiguration?: RecordedNetworkConfiguration;
  readonly volumeConfigurations?: readonly RecordedVolumeConfiguration[];
  readonly placementConstraints: readonly RecordedPlacementConstraint[];
  readonly placementStrategy: readonly RecordedPlacementStrategy[];
  readonly schedulingStrategy: 'REPLICA' | 'DAEMON';
  readonly deploymentConfiguration: RecordedDeploymentConfiguration;
  readonly healthCheckGracePeriodSeconds?: number;
  readonly enableECSManagedTags: boolean;
  readonly propagateTags: string;
  readonly enableExecuteCommand: boolean;
  readonly availabilityZoneRebalancing: string;
}

/** Members that changed. Applies to tasks started later. */
export interface ServiceUpdated extends Fact<'ServiceUpdated'> {
  readonly serviceName: string;
  readonly desiredCount?: number;
  readonly spec?: ServiceSpec;
  readonly taskDefinitionTags?: readonly RecordedTag[];
}

/** The new PRIMARY; the one before becomes ACTIVE. */
export interface DeploymentStarted extends Fact<'DeploymentStarted'> {
  readonly serviceName: string;
  readonly deploymentId: string;
  readonly taskDefinitionArn: string;
  /** FARGATE: the version that its tasks run on, such as `1.4.0`. */
  readonly platformVersion?: string;
  /** Its tasks are healthy when their health checks say so, not after a while. */
  readonly hasHealthCheck: boolean;
  readonly reason: string;
  /** The failed deployment that this one rolls back from. */
  readonly rollbackOf?: string;
}

/** The deployment's images are settled: all of its tasks from here on run these, whatever becomes of the tags. */
export interface DeploymentImagesResolved extends Fact<'DeploymentImagesResolved'> {
  readonly serviceName: string;
  readonly deploymentId: string;
  /** By container name; only containers whose definition leaves the digest open. */
  readonly imageDigests: Readonly<Record<string, string>>;
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
  readonly kind: ServiceMessageKind;
  /** Whole text with the `(service NAME) ` prefix. */
  readonly message: string;
  /** The deployment that the message is about, where it is about one. */
  readonly deploymentId?: string;
  /** Of a condition, which lasts: until when the same message is not posted again (ms). */
  readonly silentUntil?: number;
  /** As many are remembered for that purpose as may be: the oldest one is not any more. */
  readonly forgetsOldest?: true;
}

export type ServiceMessageKind =
  | 'STEADY_STATE'
  | 'TASKS_STARTED'
  | 'TASKS_STOPPED'
  | 'PENDING_TASKS_STOPPED'
  | 'HEALTH_CHECK_FAILED'
  | 'TASK_PLACEMENT_FAILED'
  | 'TASK_START_IMPAIRED'
  | 'DEPLOYMENT_COMPLETED'
  | 'DEPLOYMENT_FAILED'
  | 'DEPLOYMENT_ROLLING_BACK'
  | 'DEPLOYMENT_BLOCKED';

/** What starts of a service wait for: tasks that never ran, tasks that ran for a moment only, no container instance with room. */
export type StartObstacle = 'START_FAILED' | 'EXITED_EARLY' | 'NO_ROOM';

/** The service controller waits until then before it starts tasks again. */
export interface ServiceStartsDelayed extends Fact<'ServiceStartsDelayed'> {
  readonly serviceName: string;
  readonly cause: StartObstacle;
  /** ms since the epoch. */
  readonly until: number;
  /** Tasks that failed in a row. */
  readonly failureCount: number;
}

/** DRAINING: tasks are being stopped. */
export interface ServiceDeletionRequested extends Fact<'ServiceDeletionRequested'> {
  readonly serviceName: string;
}

/** INACTIVE; the name is free again. */
export interface ServiceDeleted extends Fact<'ServiceDeleted'> {
  readonly serviceName: string;
  /** Until when it is known as INACTIVE (ms). */
  readonly expiresAt: number;
}

export type ServiceEvent =
  | ServiceCreated
  | ServiceUpdated
  | DeploymentStarted
  | DeploymentImagesResolved
  | DeploymentCompleted
  | DeploymentFailed
  | DeploymentRetired
  | ServiceSteadyStateReached
  | ServiceMessagePosted
  | ServiceStartsDelayed
  | ServiceDeletionRequested
  | ServiceDeleted;

export const serviceEvents: EventCatalogue<ServiceEvent> = {
  ServiceCreated: { v: 1 },
  ServiceUpdated: { v: 1 },
  DeploymentStarted: { v: 1 },
  DeploymentImagesResolved: { v: 1 },
  DeploymentCompleted: { v: 1 },
  DeploymentFailed: { v: 1 },
  DeploymentRetired: { v: 1 },
  ServiceSteadyStateReached: { v: 1 },
  ServiceMessagePosted: { v: 1 },
  ServiceStartsDelayed: { v: 1 },
  ServiceDeletionRequested: { v: 1 },
  ServiceDeleted: { v: 1 },
};
