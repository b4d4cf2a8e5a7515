/** A published port, or a published range of ports, which has a text such as `8000-8009` for each side instead. */
export interface NetworkBinding {
  readonly bindIP: string;
  readonly containerPort?: number;
  readonly hostPort?: number;
  readonly containerPortRange?: string;
  readonly hostPortRange?: string;
  readonly protocol: 'tcp' | 'udp';
}

/** The address of a task of network mode awsvpc, shared by its containers. */
export interface TaskNetworkInterface {
  /** The one of the requested subnets that the address belongs to. */
  readonly subnetId: string;
  readonly macAddress: string;
  readonly privateIpv4Address: string;
  readonly ipv6Address?: string;
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
  readonly gpuIds?: readonly string[];
}

export type ReportedTaskStatus = 'PROVISIONING' | 'PENDING' | 'RUNNING' | 'STOPPING' | 'DEPROVISIONING' | 'STOPPED';

/** The whole known state of one task (a level, not an edge): sent twice it changes nothing the second time. */
export interface TaskReport {
  readonly taskId: string;
  /**
   * PROVISIONING while a task of network mode awsvpc has no address yet, PENDING while containers are prepared, RUNNING,
   * STOPPING (requested to stop, still running), DEPROVISIONING (its containers have ended, its address is being given
   * up), STOPPED.
   */
  readonly knownStatus: ReportedTaskStatus;
  /** Those of the definition; what an agent runs besides (pause containers) is its own affair. */
  readonly containers: readonly ContainerReport[];
  /** From PENDING on, in network mode awsvpc. */
  readonly networkInterface?: TaskNetworkInterface;
  /** Why the task ended, when the agent knows better than the control plane, e.g. `CannotPullContainerError: …`. */
  readonly reason?: string;
  readonly stopCode?: 'TaskFailedToStart' | 'EssentialContainerExited';
  /** ms since the epoch. */
  readonly pullStartedAt?: number;
  readonly pullStoppedAt?: number;
  readonly startedAt?: number;
  readonly executionStoppedAt?: number;
}

/** At most this many reports per request. */
export const REPORTS_PER_REQUEST_MAX = 200;

/** ECS cuts container and task reasons here. */
export const REASON_CHARACTERS_MAX = 1024;
