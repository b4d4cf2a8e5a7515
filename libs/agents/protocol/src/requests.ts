import { HOST_LAUNCH_TYPES, REASON_CHARACTERS_MAX, REPORTS_PER_REQUEST_MAX } from '#libs/ecs/messages';
import type {
  Attribute,
  ContainerReport,
  InstanceResources,
  InstanceVersionInfo,
  NetworkBinding,
  Tag,
  TaskNetworkInterface,
  TaskReport,
  WantedSum,
} from '#libs/ecs/messages';
import { DEFINITIONS_PER_REQUEST_MAX } from './limits.ts';
import { exactly, integer, list, matching, nullable, number, oneOf, optional, text } from './schema.ts';
import type { MembersOf, TypeOf } from './schema.ts';

/* Agent → control plane. Exact: what an unknown member means would not be known. */

/** ECS: at most 100 reserved ports per instance; one more list for UDP. */
const RESERVED_PORTS_MAX = 100;
const ATTRIBUTES_MAX = 200;
const TAGS_MAX = 50;
const GPUS_MAX = 128;
/** A task has at most ten containers; what the agent runs besides is not reported. */
const CONTAINERS_PER_TASK_MAX = 10;
const NETWORK_BINDINGS_MAX = 100;

const taskId = matching(/^[0-9a-f]{32}$/);
const sessionId = matching(/^[0-9a-zA-Z-]{8,64}$/);
const port = integer(0, 65_535);
const portRange = matching(/^\d{1,5}-\d{1,5}$/);
const reservedPorts = list(integer(1, 65_535), RESERVED_PORTS_MAX);
/** ms since the epoch. */
const time = number(0);
const reason = text(REASON_CHARACTERS_MAX);

const resources = exactly({
  cpu: integer(0),
  memory: integer(0),
  reservedTcpPorts: reservedPorts,
  reservedUdpPorts: reservedPorts,
  gpuIds: optional(list(text(128), GPUS_MAX)),
} satisfies MembersOf<InstanceResources>);

const attribute = exactly({ name: text(128, 1), value: optional(text(128)) } satisfies MembersOf<Attribute>);

const versionInfo = exactly({
  agentVersion: text(64),
  agentHash: optional(text(64)),
  dockerVersion: text(64),
} satisfies MembersOf<InstanceVersionInfo>);

const tag = exactly({ key: text(128, 1), value: optional(text(256)) } satisfies MembersOf<Tag>);

const wantedSum = exactly({
  version: integer(0),
  tasks: integer(0),
  progress: integer(0),
} satisfies MembersOf<WantedSum>);

const description = {
  /** New for each process start; a later session fences an earlier one of the same instance. */
  sessionId,
  resources,
  attributes: list(attribute, ATTRIBUTES_MAX),
  versionInfo,
  hostname: text(255),
  tags: optional(list(tag, TAGS_MAX)),
  /** What kinds of tasks the host takes. Absent: EC2, EXTERNAL. */
  launchTypes: optional(list(oneOf(...HOST_LAUNCH_TYPES), HOST_LAUNCH_TYPES.length, 1)),
};
const instanceDescription = exactly(description);
/** What an agent reports of its host and of itself. */
export type InstanceDescription = TypeOf<typeof instanceDescription>;

export const sessionRequest = exactly({ ...description, wanted: wantedSum });
/**
 * Registration, or return. The agent has read its wanted set before; it is accepted, and counts as connected, only if that
 * is still the set that the log has.
 */
export type SessionRequest = TypeOf<typeof sessionRequest>;

export const wantedRequest = exactly({ after: nullable(taskId) });
/** A page of the wanted set, in the order of task ids. `after` null: the first one. */
export type WantedRequest = TypeOf<typeof wantedRequest>;

export const definitionsRequest = exactly({ taskDefinitionArns: list(text(512), DEFINITIONS_PER_REQUEST_MAX, 1) });
/** Task definition revisions that the agent does not have. A revision never changes, so once is enough. */
export type DefinitionsRequest = TypeOf<typeof definitionsRequest>;

const networkBinding = exactly({
  bindIP: text(64),
  containerPort: optional(port),
  hostPort: optional(port),
  containerPortRange: optional(portRange),
  hostPortRange: optional(portRange),
  protocol: oneOf('tcp', 'udp'),
} satisfies MembersOf<NetworkBinding>);

const containerReport = exactly({
  name: text(255),
  lastStatus: oneOf('PENDING', 'RUNNING', 'STOPPED'),
  runtimeId: optional(text(255)),
  imageDigest: optional(text(255)),
  exitCode: optional(integer()),
  reason: optional(reason),
  networkBindings: optional(list(networkBinding, NETWORK_BINDINGS_MAX)),
  healthStatus: optional(oneOf('HEALTHY', 'UNHEALTHY', 'UNKNOWN')),
  gpuIds: optional(list(text(128), GPUS_MAX)),
} satisfies MembersOf<ContainerReport>);

const networkInterface = exactly({
  subnetId: text(255, 1),
  macAddress: text(17),
  privateIpv4Address: text(15),
  ipv6Address: optional(text(45)),
} satisfies MembersOf<TaskNetworkInterface>);

const taskReport = exactly({
  taskId,
  knownStatus: oneOf('PROVISIONING', 'PENDING', 'RUNNING', 'STOPPING', 'DEPROVISIONING', 'STOPPED'),
  containers: list(containerReport, CONTAINERS_PER_TASK_MAX),
  networkInterface: optional(networkInterface),
  reason: optional(reason),
  stopCode: optional(oneOf('TaskFailedToStart', 'EssentialContainerExited')),
  pullStartedAt: optional(time),
  pullStoppedAt: optional(time),
  startedAt: optional(time),
  executionStoppedAt: optional(time),
} satisfies MembersOf<TaskReport>);

export const reportRequest = exactly({ sessionId, reports: list(taskReport, REPORTS_PER_REQUEST_MAX, 1) });
/** Repeated until a writer that has not been replaced accepts it. */
export type ReportRequest = TypeOf<typeof reportRequest>;

export const drainRequest = exactly({ sessionId });
/** No new tasks for this host: the agent is about to end. Repeated until it is durable. */
export type DrainRequest = TypeOf<typeof drainRequest>;

export const heartbeat = exactly({
  sessionId,
  /** The wanted set's version that the agent has. */
  version: integer(0),
});
/** Each `heartbeatIntervalSeconds`. */
export type Heartbeat = TypeOf<typeof heartbeat>;
