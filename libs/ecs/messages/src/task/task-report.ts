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
  /** PENDING while containers are prepared, RUNNING, STOPPING (requested to stop, still running), STOPPED. */
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

/** At most this many reports per request. */
export const REPORTS_PER_REQUEST_MAX = 200;

/** ECS cuts container and task reasons here. */
export const REASON_CHARACTERS_MAX = 1024;
