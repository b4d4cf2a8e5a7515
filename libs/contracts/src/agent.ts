import type { Attribute, ContainerOverride, Tag, TaskDefinition } from './task-definition.ts';

/** What a host offers; reported at registration. CPU units (1024 a core), MiB, port numbers. */
export interface InstanceResources {
  readonly cpu: number;
  readonly memory: number;
  readonly reservedTcpPorts: readonly number[];
  readonly reservedUdpPorts: readonly number[];
  readonly gpuIds?: readonly string[];
}

export interface InstanceVersionInfo {
  readonly agentVersion: string;
  readonly agentHash?: string;
  readonly dockerVersion: string;
}

/** What an agent reports of its host and of itself. */
export interface InstanceDescription {
  /** New for each process start; a later session fences an earlier one of the same instance. */
  readonly sessionId: string;
  readonly resources: InstanceResources;
  readonly attributes: readonly Attribute[];
  readonly versionInfo: InstanceVersionInfo;
  readonly hostname: string;
  readonly tags?: readonly Tag[];
}

/**
 * Agent → control plane: registration, or return. The agent has read its wanted set before; it is accepted, and counts as
 * connected, only if that is still the set that the log has.
 */
export interface SessionRequest extends InstanceDescription {
  readonly wanted: WantedSum;
}

/** Control plane → agent: accepted; changes of the wanted set follow as differences from the version that it has read. */
export interface SessionAnswer {
  readonly containerInstanceArn: string;
  readonly term: number;
  readonly heartbeatIntervalSeconds: number;
}

/** Control plane → agent: this agent may not serve (instance deregistered): stop everything and try again later. */
export interface DoorRefusal {
  readonly error: { readonly code: string; readonly message: string };
}

/** The life of a task as ECS names it. */
export type TaskStatus =
  'PROVISIONING' | 'PENDING' | 'ACTIVATING' | 'RUNNING' | 'DEACTIVATING' | 'STOPPING' | 'DEPROVISIONING' | 'STOPPED';

/** Position in the life of a task; a task only moves to a greater rank. */
export const TASK_STATUS_RANK: Readonly<Record<TaskStatus, number>> = {
  PROVISIONING: 0,
  PENDING: 1,
  ACTIVATING: 2,
  RUNNING: 3,
  DEACTIVATING: 4,
  STOPPING: 5,
  DEPROVISIONING: 6,
  STOPPED: 7,
};

/** One task as an agent must have it. */
export interface WantedTask {
  readonly taskId: string;
  readonly taskArn: string;
  readonly desiredStatus: 'RUNNING' | 'STOPPED';
  /** What the log knows; a task that the log has seen RUNNING and whose containers are gone is reported, not started. */
  readonly lastStatus: TaskStatus;
  readonly taskDefinitionArn: string;
  readonly group: string;
  readonly containerOverrides: readonly ContainerOverride[];
  readonly cpu?: string;
  readonly memory?: string;
}

/**
 * What a wanted set comes to. Two readings with the same sum are the same set: each change that is sent to the agent is
 * one version more, and what the agent reports itself only raises a status or takes a task out.
 */
export interface WantedSum {
  /** Counts the changes of this instance's set. */
  readonly version: number;
  readonly tasks: number;
  /** The ranks of all `lastStatus` together. */
  readonly progress: number;
}

export function wantedSum(version: number, tasks: Iterable<{ readonly lastStatus: TaskStatus }>): WantedSum {
  let count = 0;
  let progress = 0;
  for (const { lastStatus } of tasks) {
    count += 1;
    progress += TASK_STATUS_RANK[lastStatus];
  }
  return { version, tasks: count, progress };
}

/** Agent → control plane: a page of the wanted set, in the order of task ids. `after` null: the first one. */
export interface WantedRequest {
  readonly after: string | null;
}

/**
 * A page of the wanted set: all tasks of an instance that are not STOPPED. Tasks that an agent has and that are in no page
 * must be stopped. Pages of different versions do not belong together.
 */
export interface WantedPage {
  readonly version: number;
  readonly tasks: readonly WantedTask[];
  /** What the next page comes after; null: this is the last one. */
  readonly next: string | null;
}

/** Agent → control plane: task definition revisions that it does not have. A revision never changes, so once is enough. */
export interface DefinitionsRequest {
  readonly taskDefinitionArns: readonly string[];
}

export interface DefinitionsAnswer {
  readonly term: number;
  /** By ARN; at least one of those that were asked for, unless all are unknown. The others are asked for again. */
  readonly taskDefinitions: Readonly<Record<string, TaskDefinition>>;
  /** Revisions that no task of this instance has. */
  readonly unknown: readonly string[];
}

/** Control plane → agent: the difference from one version to a later one. On a gap the agent opens its session again. */
export interface AssignMessage {
  readonly term: number;
  readonly fromVersion: number;
  readonly toVersion: number;
  readonly tasks: readonly WantedTask[];
}

/** A published port. */
export interface NetworkBinding {
  readonly bindIP: string;
  readonly containerPort: number;
  readonly hostPort: number;
  readonly protocol: 'tcp' | 'udp';
}

export type ContainerStatus = 'PENDING' | 'RUNNING' | 'STOPPED';
export type HealthStatus = 'HEALTHY' | 'UNHEALTHY' | 'UNKNOWN';

export interface ContainerReport {
  readonly name: string;
  readonly lastStatus: ContainerStatus;
  readonly runtimeId?: string;
  readonly imageDigest?: string;
  readonly exitCode?: number;
  /** At most 1,024 characters, `<ErrorName>: <detail>`. */
  readonly reason?: string;
  readonly networkBindings?: readonly NetworkBinding[];
  readonly healthStatus?: HealthStatus;
}

/** The whole known state of one task (a level, not an edge): sent twice it changes nothing the second time. */
export interface TaskReport {
  readonly taskId: string;
  /** PENDING while containers are prepared, RUNNING, STOPPING (told to stop, still running), STOPPED. */
  readonly knownStatus: 'PENDING' | 'RUNNING' | 'STOPPING' | 'STOPPED';
  readonly containers: readonly ContainerReport[];
  /** Why the task ended, when the agent knows better than the control plane, e.g. `CannotPullContainerError: …`. */
  readonly reason?: string;
  readonly stopCode?: 'TaskFailedToStart' | 'EssentialContainerExited';
  /** ms since the epoch. */
  readonly pullStartedAt?: number;
  readonly pullStoppedAt?: number;
  readonly startedAt?: number;
  readonly executionStoppedAt?: number;
}

/** Agent → control plane. Repeated until a writer that has not been replaced accepts it. */
export interface ReportRequest {
  readonly sessionId: string;
  readonly reports: readonly TaskReport[];
}

export interface ReportAnswer {
  readonly accepted: true;
  /**
   * The writer's. One that has been replaced and does not know it yet finds nothing new in a report about tasks that it
   * has never heard of: such an answer says nothing, and the agent, which has heard of a newer term, reports again.
   */
  readonly term: number;
}

/** Agent → control plane, each `heartbeatIntervalSeconds`. */
export interface Heartbeat {
  readonly sessionId: string;
  /** The wanted set's version that the agent has. */
  readonly version: number;
}

/** At most this many reports per request. */
export const REPORTS_PER_REQUEST_MAX = 200;
/** … and task definitions. */
export const DEFINITIONS_PER_REQUEST_MAX = 50;
/**
 * Messages between agents and the control plane, as JSON in UTF-8: far below what the server carries, so that one host
 * with very much to do does not hold up the others. What is larger is sent in several.
 */
export const AGENT_MESSAGE_BYTES_MAX = 128 * 1024;
export const HEARTBEAT_INTERVAL_SECONDS = 2;
/** Without a heartbeat for this long an instance counts as disconnected. */
export const HEARTBEAT_TIMEOUT_SECONDS = 10;
/** ECS cuts container and task reasons here. */
export const REASON_CHARACTERS_MAX = 1024;
