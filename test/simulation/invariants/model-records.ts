import type {
  HealthStatus,
  HostLaunchType,
  InstanceResources,
  ServiceSpec,
  TaskStatus,
  TaskTemplate,
} from '#libs/ecs/messages';
import type { TaskNeeds } from './task-needs.ts';

/** A task as the log alone shows it. */
export interface ModelTask extends TaskNeeds {
  readonly taskId: string;
  readonly template: TaskTemplate;
  readonly clientToken: string | null;
  /** StartTask: the one instance that it may go to. */
  readonly askedInstanceId: string | null;
  instanceId: string | null;
  lastStatus: TaskStatus;
  /** Virtual time of the last change of its status (ms). */
  lastStatusSince: number;
  /** Of network mode awsvpc, as it was reported last. */
  address: string | null;
  /** By container, as they were reported last. */
  imageDigests: ReadonlyMap<string, string>;
  /** The images that its deployment had settled on when it was requested. */
  readonly settledDigests: Readonly<Record<string, string>> | null;
  desiredStatus: 'RUNNING' | 'STOPPED';
  /** When it was first recorded as RUNNING (ms). */
  runningSince: number | null;
  healthStatus: HealthStatus;
  /** Virtual time from which it was to stop, or began to by itself (ms). */
  stopRequestedAt: number | null;
  stopCode: string | null;
  stoppedReason: string | null;
  /** Its own agent said that it is STOPPED, or it was not asked: its instance was deregistered. */
  endedBy: 'agent' | 'deregistration' | null;
  /** When it ended by the log's time, and by virtual time (ms). */
  endedAt: number | null;
  endSeenAt: number | null;
  /** Containers that the engine has refused to start: they stay as they are. */
  refusedStarts: ReadonlySet<string>;
}

export interface ModelInstance {
  readonly instanceId: string;
  sessionId: string;
  resources: InstanceResources;
  /** By name; '' stands for an attribute without a value. */
  attributes: ReadonlyMap<string, string>;
  status: 'ACTIVE' | 'DRAINING' | 'DEREGISTERING' | 'INACTIVE';
  connected: boolean;
  /** What kinds of tasks it takes. */
  launchTypes: readonly HostLaunchType[];
  /** When it was deregistered (ms). */
  inactiveAt: number | null;
  /** Tasks placed here and not STOPPED. */
  readonly tasks: Set<ModelTask>;
}

export interface ModelDeployment {
  readonly deploymentId: string;
  readonly taskDefinitionArn: string;
  /** The failed deployment that this one rolls back from. */
  readonly rollbackOf: string | null;
  imageDigests: Readonly<Record<string, string>> | null;
  state: 'IN_PROGRESS' | 'COMPLETED' | 'FAILED';
}

export interface ModelService {
  readonly serviceName: string;
  status: 'ACTIVE' | 'DRAINING' | 'INACTIVE';
  spec: ServiceSpec;
  desiredCount: number;
  /** Newest first. */
  deployments: ModelDeployment[];
  /** The revision that the last COMPLETED deployment ran. */
  lastCompletedArn: string | null;
  lastCompleted: ModelDeployment | null;
  /** When it was deleted (ms). */
  deletedAt: number | null;
  /** Tasks that are not STOPPED. */
  readonly tasks: Set<ModelTask>;
  /** The controller starts nothing before this moment (ms). */
  delayedUntil: number;
}

/** It takes Fargate tasks alone: no container instance for callers of the API. */
export function isPoolInstance({ launchTypes }: Pick<ModelInstance, 'launchTypes'>): boolean {
  return launchTypes.every((launchType) => launchType === 'FARGATE');
}
