import type { EventCatalogue } from '#libs/kernel';
import type { Fact } from '../fact.ts';
import type { Tag } from '../model.ts';
import type { ServiceSpec } from './commands.ts';

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

export type ServiceEvent =
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
  | ServiceDeleted;

export const serviceEvents: EventCatalogue<ServiceEvent> = {
  ServiceCreated: { v: 1 },
  ServiceUpdated: { v: 1 },
  DeploymentStarted: { v: 1 },
  DeploymentCompleted: { v: 1 },
  DeploymentFailed: { v: 1 },
  DeploymentRetired: { v: 1 },
  ServiceSteadyStateReached: { v: 1 },
  ServiceMessagePosted: { v: 1 },
  ServiceStartsDelayed: { v: 1 },
  ServiceDeletionRequested: { v: 1 },
  ServiceDeleted: { v: 1 },
};
