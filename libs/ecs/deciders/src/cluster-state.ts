import type {
  HealthStatus,
  HostLaunchType,
  InstanceStatusCause,
  PlacementFailure,
  RecordedAttribute,
  RecordedCapacityProviderStrategyItem,
  RecordedClusterConfiguration,
  RecordedClusterSetting,
  RecordedContainer,
  RecordedInstanceResources,
  RecordedNetworkConfiguration,
  RecordedTag,
  RecordedTaskDefinition,
  RecordedVolumeConfiguration,
  ServiceSpec,
  StartObstacle,
  StopCode,
  TaskStatus,
  TaskTemplate,
} from '#libs/ecs/messages';
import type { Locale } from '#libs/kernel';
import type { PlacementEngine, TaskDemand } from '#libs/ecs/placement';
import type { Fifo } from './shared/fifo.ts';
import type { TemplatePool } from './task/template-pool.ts';

/** Everything the decisions of one cluster need, and nothing that only a reader wants. Changed in place by `evolve`. */
export interface ClusterState {
  readonly shard: string;
  term: number;
  /** Set by ClusterCreated. */
  locale: Locale;
  clusterName: string;
  clusterArn: string;
  /** NONE: never created. */
  status: 'NONE' | 'ACTIVE' | 'INACTIVE';
  settings: readonly RecordedClusterSetting[];
  configuration: RecordedClusterConfiguration | undefined;
  capacityProviders: readonly string[];
  /** What tasks are launched by where a request names neither a launch type nor a strategy. */
  defaultCapacityProviderStrategy: readonly RecordedCapacityProviderStrategyItem[];
  tags: readonly RecordedTag[];
  /** Registered ones: ACTIVE or DRAINING. */
  readonly instances: Map<string, InstanceState>;
  /** Deregistered ones: an id that is in here never comes back (S14). */
  readonly inactiveInstanceIds: Set<string>;
  /** Revisions that this shard has imported, by ARN. */
  readonly taskDefinitions: Map<string, RecordedTaskDefinition>;
  readonly tasks: Map<string, TaskState>;
  /** How many requests have made tasks. */
  requests: number;
  /**
   * Requested and not placed yet, each with the number of its request, in the order of their requests. Nearly always empty
   * between two decisions: the scheduler answers at once.
   */
  readonly unplacedTasks: Map<string, number>;
  /** ACTIVE and DRAINING ones. */
  readonly services: Map<string, ServiceState>;
  /** Names of services that became INACTIVE lately: until when (ms) an update of one is refused as such. */
  readonly inactiveServices: Map<string, number>;
  /** RunTask/StartTask tokens, by token. One lives as long as its tasks are known; see `task/client-token.ts`. */
  readonly clientTokens: Map<string, ClientTokenState>;
  /** Tokens of requests that got no task at all, oldest first. */
  readonly fruitlessTokens: Fifo<{ readonly token: string; readonly at: number; readonly expiresAt: number }>;
  /** STOPPED tasks in the order in which they stopped: the retention queue. */
  readonly stoppedTaskIds: Fifo<string>;
  /** Derived from instances and tasks. */
  readonly placement: PlacementEngine;
  /** Derived from tasks. */
  readonly templates: TemplatePool;
}

export interface InstanceState {
  readonly instanceId: string;
  sessionId: string;
  status: 'ACTIVE' | 'DRAINING' | 'DEREGISTERING';
  /** On whose word the status changed last: AGENT, or null for a caller of the API. */
  statusCause: InstanceStatusCause | null;
  connected: boolean;
  resources: RecordedInstanceResources;
  attributes: readonly RecordedAttribute[];
  /** Placement constraints may ask for it, and for the time of registration. */
  agentVersion: string;
  readonly registeredAt: number;
  tags: readonly RecordedTag[];
  /** Tasks placed here that are not STOPPED. */
  readonly taskIds: Set<string>;
  /** What kinds of tasks the host takes. Absent: EC2, EXTERNAL. */
  launchTypes?: readonly HostLaunchType[];
  /** Version of the wanted set: +1 with each change that is sent to the agent. */
  wantedVersion: number;
}

export interface TaskState {
  readonly taskId: string;
  /** Shared by tasks of equal requests, which only saves memory. */
  readonly template: TaskTemplate;
  /** Derived from the template and its task definition. */
  readonly demand: TaskDemand;
  instanceId: string | null;
  /** StartTask: where it must go. */
  readonly askedInstanceId: string | null;
  lastStatus: TaskStatus;
  desiredStatus: 'RUNNING' | 'STOPPED';
  readonly createdAt: number;
  runningSince: number | null;
  stoppedAt: number | null;
  stopCode: StopCode | null;
  stoppedReason: string | null;
  healthStatus: HealthStatus;
  /** The address that its agent has reported, and that it keeps once it runs; null: none. */
  privateIpv4Address: string | null;
  /** It was made when its deployment had settled on images. */
  readonly hasSettledImages: boolean;
  /** The containers as last reported; compared with the next report. */
  containers: readonly RecordedContainer[];
  tags: readonly RecordedTag[];
  /** The wanted set's version with this task's latest change in it; 0: never sent. */
  assignedVersion: number;
  /** Token of the request that made it. */
  readonly clientToken: string | null;
}

export interface ClientTokenState {
  readonly requestHash: string;
  /** The tasks that the first request answered. */
  taskIds: readonly string[];
  /** How many of them are still known. */
  tasksKept: number;
  /** What the first request answered besides tasks. */
  failures: readonly PlacementFailure[];
  readonly at: number;
  readonly expiresAt: number;
  readonly expiresWithoutTasksAt: number;
}

export interface ServiceState {
  readonly serviceName: string;
  status: 'ACTIVE' | 'DRAINING';
  /** Since when it is DRAINING (ms). */
  drainingSince: number | null;
  spec: ServiceSpec;
  desiredCount: number;
  tags: readonly RecordedTag[];
  taskDefinitionTags: readonly RecordedTag[];
  readonly requestHash: string | undefined;
  readonly clientToken: string | undefined;
  /** Newest first; the first one is PRIMARY. Retired ones are removed. */
  deployments: DeploymentState[];
  /** What the last COMPLETED deployment ran: where a rollback goes. */
  lastCompleted: CompletedDeployment | null;
  /** Tasks of the service that are not STOPPED. */
  readonly taskIds: Set<string>;
  /** No starts before this moment (ms), null: at once. */
  startsDelayedUntil: number | null;
  /** What went wrong since the last start and must be waited for before the next one. */
  startObstacle: StartObstacle | null;
  /** Delays after tasks that failed since something last went well; each one is twice as long as the one before. */
  startDelays: number;
  /** The same of waits for room: that there is none says nothing about the tasks. */
  roomDelays: number;
  /** Consecutive tasks that ended before they counted as healthy. */
  consecutiveFailures: number;
  /** The steady state was announced and nothing has changed since. */
  steady: boolean;
  /** When it was announced last (ms). */
  steadyAt: number | null;
  /** Messages about conditions that last, by text: until when (ms) they are not posted again. */
  readonly recentMessages: Map<string, number>;
  /** Counts everything that happened to the service or its tasks: what was worked out at an equal count still holds. */
  changes: number;
}

export interface CompletedDeployment {
  readonly deploymentId: string;
  readonly taskDefinitionArn: string;
  readonly taskDefinitionTags: readonly RecordedTag[];
  readonly networkConfiguration: RecordedNetworkConfiguration | undefined;
  readonly volumeConfigurations: readonly RecordedVolumeConfiguration[] | undefined;
  /** The images that it had settled on. */
  readonly imageDigests: Readonly<Record<string, string>> | null;
  /** Absent: by the launch type EC2. */
  readonly launch?: ServiceLaunch;
}

type ServiceLaunch = Pick<ServiceSpec, 'launchType' | 'capacityProviderStrategy' | 'platformVersion'>;

export interface DeploymentState {
  readonly deploymentId: string;
  readonly taskDefinitionArn: string;
  rolloutState: 'IN_PROGRESS' | 'COMPLETED' | 'FAILED';
  readonly createdAt: number;
  /** Counters kept by evolve so that a reconcile of a steady service costs nothing. desiredStatus RUNNING only. */
  pendingCount: number;
  runningCount: number;
  /** Tasks that are to stop and are not STOPPED yet. */
  stoppingCount: number;
  /** Tasks that failed one after the other: what the circuit breaker counts. */
  failedTasks: number;
  /** A task of it has been RUNNING. */
  hasRun: boolean;
  /** The images that its later tasks must have, by container name; null: not settled. Set once. */
  imageDigests: Readonly<Record<string, string>> | null;
  /** The failed deployment that this one rolls back from: it is not rolled back again. */
  readonly rollbackOf: string | null;
  /** An essential container has a health check: tasks are healthy when it says so, not after a while. */
  readonly hasHealthCheck: boolean;
  /**
   * RUNNING tasks (desiredStatus RUNNING) that did not count as healthy when they were last looked at: when they will
   * (ms), or null when only their health check decides.
   */
  readonly unsettled: Map<string, number | null>;
}
