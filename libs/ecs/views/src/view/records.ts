import type {
  ContainerInstanceOutput,
  HealthStatus,
  HostLaunchType,
  RecordedAttribute,
  RecordedCapacityProviderStrategyItem,
  RecordedClusterConfiguration,
  RecordedClusterSetting,
  RecordedContainer,
  RecordedInstanceResources,
  RecordedNetworkInterface,
  RecordedTag,
  RecordedTaskDefinition,
  RecordedTaskResources,
  RecordedVersionInfo,
  ServiceOutput,
  ServiceSpec,
  StopCode,
  TaskOutput,
  TaskStatus,
  TaskTemplate,
} from '#libs/ecs/messages';
import type { Locale } from '#libs/kernel';
import type { RetentionQueue } from './retention.ts';
import type { TemplatePool } from './template-pool.ts';

/*
 * What the view of a cluster keeps, changed in place. Times are ms since the epoch. `ordinal` counts the things of one
 * kind in the order in which the log made them: lists are in that order, and a page token names a place in it.
 */

/**
 * Tasks by what they do: RUNNING, or not RUNNING yet. Container instances count every task (a host with a task that is told
 * to stop still has it); clusters, services and deployments count those whose desiredStatus is RUNNING, as ECS does, so
 * that "running = desired" is the steady state and not an accident.
 */
export interface TaskCounts {
  running: number;
  pending: number;
}

/** The cached wire objects of one entity, null after a change; the second one carries its tags. */
export interface CachedOutput<Output extends object = object> {
  plain: Output | null;
  tagged: Output | null;
}

export interface ClusterRecord {
  readonly clusterName: string;
  readonly clusterArn: string;
  readonly locale: Locale;
  status: 'ACTIVE' | 'INACTIVE';
  settings: readonly RecordedClusterSetting[];
  configuration: RecordedClusterConfiguration | undefined;
  readonly capacityProviders: readonly string[];
  readonly defaultCapacityProviderStrategy: readonly RecordedCapacityProviderStrategyItem[];
  tags: readonly RecordedTag[];
}

export interface InstanceRecord {
  readonly instanceId: string;
  readonly arn: string;
  readonly ordinal: number;
  resources: RecordedInstanceResources;
  /** By name. */
  attributes: ReadonlyMap<string, RecordedAttribute>;
  versionInfo: RecordedVersionInfo;
  readonly hostname: string;
  connected: boolean;
  connectedAt: number;
  status: 'ACTIVE' | 'DRAINING' | 'DEREGISTERING' | 'INACTIVE';
  readonly registeredAt: number;
  /** What kinds of tasks it takes; see `isPoolHost`. Absent: EC2, EXTERNAL. */
  launchTypes?: readonly HostLaunchType[];
  tags: readonly RecordedTag[];
  version: number;
  /** Sums over the tasks that are placed here and not STOPPED. */
  cpuTaken: number;
  memoryTaken: number;
  readonly tcpPortsTaken: Set<number>;
  readonly udpPortsTaken: Set<number>;
  /** Every task that was placed here and is not forgotten. */
  readonly tasks: Set<TaskRecord>;
  readonly counts: TaskCounts;
  readonly cached: CachedOutput<ContainerInstanceOutput>;
}

export interface TaskRecord {
  readonly taskId: string;
  readonly arn: string;
  readonly ordinal: number;
  /** Shared by tasks of equal requests. */
  readonly template: TaskTemplate;
  readonly taskDefinition: RecordedTaskDefinition;
  readonly resources: RecordedTaskResources;
  readonly service: ServiceRecord | null;
  readonly deployment: DeploymentRecord | null;
  instance: InstanceRecord | null;
  lastStatus: TaskStatus;
  desiredStatus: 'RUNNING' | 'STOPPED';
  /** 1 when the task can be seen first: placed. */
  version: number;
  readonly createdAt: number;
  /** Whether its instance's agent is there; stays as it was once the task is STOPPED. null: the agent has not reported it. */
  connected: boolean | null;
  connectivityAt: number | null;
  pullStartedAt: number | null;
  pullStoppedAt: number | null;
  /** When the agent says that it ran. */
  startedAt: number | null;
  stoppingAt: number | null;
  executionStoppedAt: number | null;
  stoppedAt: number | null;
  stopCode: StopCode | null;
  stoppedReason: string | null;
  healthStatus: HealthStatus;
  /** Of network mode awsvpc, once it has an address. */
  networkInterface: RecordedNetworkInterface | null;
  /** As last reported; empty before the first report. */
  containers: readonly RecordedContainer[];
  tags: readonly RecordedTag[];
  readonly cached: CachedOutput<TaskOutput>;
}

/** What a reader keeps of a service's messages: the newest hundred, as ECS shows them. The log has them all. */
export const SERVICE_MESSAGES_MAX = 100;

/** A line of DescribeServices' `events`. */
export interface ServiceMessage {
  readonly id: string;
  readonly createdAt: number;
  readonly message: string;
}

export interface ServiceRecord {
  readonly serviceName: string;
  readonly arn: string;
  readonly ordinal: number;
  status: 'ACTIVE' | 'DRAINING' | 'INACTIVE';
  spec: ServiceSpec;
  desiredCount: number;
  tags: readonly RecordedTag[];
  readonly createdAt: number;
  /** The principal's ARN. */
  readonly createdBy: string;
  /** Newest first: the first one is PRIMARY, the others ACTIVE; INACTIVE ones are gone. */
  deployments: DeploymentRecord[];
  /** Oldest first, at most `SERVICE_MESSAGES_MAX`. */
  messages: ServiceMessage[];
  readonly counts: TaskCounts;
  /** Every task of the service that is not forgotten. */
  readonly tasks: Set<TaskRecord>;
  readonly cached: CachedOutput<ServiceOutput>;
}

export interface DeploymentRecord {
  readonly deploymentId: string;
  readonly taskDefinitionArn: string;
  /** The revision itself, where the shard has imported it. */
  readonly taskDefinition: RecordedTaskDefinition | undefined;
  /** FARGATE: what its tasks run on. */
  readonly platformVersion: string | undefined;
  /** The service's as it was when the deployment began: launch type, strategy and network of its tasks. */
  readonly spec: ServiceSpec;
  rolloutState: 'IN_PROGRESS' | 'COMPLETED' | 'FAILED';
  rolloutStateReason: string;
  readonly createdAt: number;
  updatedAt: number;
  readonly counts: TaskCounts;
  /** The images that its later tasks have, by container name; null: not settled. */
  imageDigests: Readonly<Record<string, string>> | null;
  /** Tasks that are not STOPPED and not requested to stop. */
  wanted: number;
  /** Tasks that failed one after the other: what the circuit breaker counts. */
  failedTasks: number;
}

/** Something that has ended and stays describable for a while. */
export type EndedRecord =
  | { readonly kind: 'cluster'; readonly record: ClusterRecord }
  | { readonly kind: 'container-instance'; readonly record: InstanceRecord }
  | { readonly kind: 'service'; readonly record: ServiceRecord };

/** What the folds of a cluster's events change. Maps are in the order of the ordinals. */
export interface ClusterRecords {
  /** null before the first ClusterCreated and when a deleted one was kept long enough. */
  cluster: ClusterRecord | null;
  /** A cluster was created in this shard, whatever has become of it. A writer may end before it records that. */
  wasCreated: boolean;
  readonly instances: Map<string, InstanceRecord>;
  readonly tasks: Map<string, TaskRecord>;
  readonly services: Map<string, ServiceRecord>;
  /** Revisions that the shard has imported, by ARN. */
  readonly taskDefinitions: Map<string, RecordedTaskDefinition>;
  /** Task counts by launch type. */
  readonly counts: Map<string, TaskCounts>;
  readonly ended: RetentionQueue<EndedRecord>;
  readonly templates: TemplatePool;
  /** How many things the log has made: the next one's ordinal. */
  ordinals: number;
}
