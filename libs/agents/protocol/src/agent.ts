import type {
  Attribute,
  InstanceResources,
  InstanceVersionInfo,
  Tag,
  TaskReport,
  WantedSum,
  WantedTask,
} from '#libs/ecs/messages';

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

/** Agent → control plane: a page of the wanted set, in the order of task ids. `after` null: the first one. */
export interface WantedRequest {
  readonly after: string | null;
}

/** Agent → control plane: task definition revisions that it does not have. A revision never changes, so once is enough. */
export interface DefinitionsRequest {
  readonly taskDefinitionArns: readonly string[];
}

/** Control plane → agent: the difference from one version to a later one. On a gap the agent opens its session again. */
export interface AssignMessage {
  readonly term: number;
  readonly fromVersion: number;
  readonly toVersion: number;
  readonly tasks: readonly WantedTask[];
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

/** At most this many task definitions per request. */
export const DEFINITIONS_PER_REQUEST_MAX = 50;

/**
 * Messages between agents and the control plane, as JSON in UTF-8: far below what the server carries, so that one host
 * with very much to do does not hold up the others. What is larger is sent in several.
 */
export const AGENT_MESSAGE_BYTES_MAX = 128 * 1024;

export const HEARTBEAT_INTERVAL_SECONDS = 2;

/** Without a heartbeat for this long an instance counts as disconnected. */
export const HEARTBEAT_TIMEOUT_SECONDS = 10;
