import type { EventCatalogue } from '#libs/kernel';
import type { Fact } from '../fact.ts';
import type { RecordedAttribute, RecordedTag } from '../recorded/common.ts';

/** First registration: ACTIVE and connected. */
export interface ContainerInstanceRegistered extends Fact<'ContainerInstanceRegistered'> {
  readonly containerInstanceId: string;
  readonly sessionId: string;
  readonly resources: RecordedInstanceResources;
  /** Automatic and custom ones, as reported. */
  readonly attributes: readonly RecordedAttribute[];
  readonly versionInfo: RecordedVersionInfo;
  readonly hostname: string;
  readonly tags: readonly RecordedTag[];
  /** What kinds of tasks it takes; one that takes FARGATE alone is no container instance for the API. Absent: EC2, EXTERNAL. */
  readonly launchTypes?: readonly HostLaunchType[];
}

export type HostLaunchType = 'EC2' | 'EXTERNAL' | 'FARGATE';

/** What a host offers. CPU units (1024 per core), MiB, port numbers. */
export interface RecordedInstanceResources {
  readonly cpu: number;
  readonly memory: number;
  readonly reservedTcpPorts: readonly number[];
  readonly reservedUdpPorts: readonly number[];
  readonly gpuIds?: readonly string[];
}

export interface RecordedVersionInfo {
  readonly agentVersion: string;
  readonly agentHash?: string;
  readonly dockerVersion: string;
}

/** The same container instance came back with a new session: connected again. Absent members did not change. */
export interface ContainerInstanceConnected extends Fact<'ContainerInstanceConnected'> {
  readonly containerInstanceId: string;
  readonly sessionId: string;
  readonly resources?: RecordedInstanceResources;
  readonly attributes?: readonly RecordedAttribute[];
  readonly versionInfo?: RecordedVersionInfo;
  readonly launchTypes?: readonly HostLaunchType[];
}

export interface ContainerInstanceDisconnected extends Fact<'ContainerInstanceDisconnected'> {
  readonly containerInstanceId: string;
  readonly sessionId: string;
}

export interface ContainerInstanceStatusChanged extends Fact<'ContainerInstanceStatusChanged'> {
  readonly containerInstanceId: string;
  /** DEREGISTERING: its tasks are being stopped, in several steps because there are many; INACTIVE follows. */
  readonly status: 'ACTIVE' | 'DRAINING' | 'DEREGISTERING';
  /** AGENT: its agent asked for it, or came back from it. Absent: a caller of the API. */
  readonly cause?: InstanceStatusCause;
}

export type InstanceStatusCause = 'AGENT';

/** INACTIVE permanently; its tasks were stopped by TaskStopped events before. */
export interface ContainerInstanceDeregistered extends Fact<'ContainerInstanceDeregistered'> {
  readonly containerInstanceId: string;
  /** Until when it can be described (ms). */
  readonly expiresAt: number;
}

export interface AttributesPut extends Fact<'AttributesPut'> {
  readonly containerInstanceId: string;
  readonly attributes: readonly RecordedAttribute[];
}

export interface AttributesDeleted extends Fact<'AttributesDeleted'> {
  readonly containerInstanceId: string;
  readonly names: readonly string[];
}

export type ContainerInstanceEvent =
  | ContainerInstanceRegistered
  | ContainerInstanceConnected
  | ContainerInstanceDisconnected
  | ContainerInstanceStatusChanged
  | ContainerInstanceDeregistered
  | AttributesPut
  | AttributesDeleted;

export const containerInstanceEvents: EventCatalogue<ContainerInstanceEvent> = {
  ContainerInstanceRegistered: { v: 1 },
  ContainerInstanceConnected: { v: 1 },
  ContainerInstanceDisconnected: { v: 1 },
  ContainerInstanceStatusChanged: { v: 1 },
  ContainerInstanceDeregistered: { v: 1 },
  AttributesPut: { v: 1 },
  AttributesDeleted: { v: 1 },
};
