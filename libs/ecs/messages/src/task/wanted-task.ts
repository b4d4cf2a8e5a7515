import type { ContainerOverride, Tag, TaskDefinition } from '../model.ts';

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
  /** Absent: EC2. */
  readonly launchType?: string;
  /** In network mode awsvpc. */
  readonly network?: WantedNetwork;
  /** Volumes that the request configured, by the name of the definition's volume. */
  readonly volumeConfigurations?: readonly WantedVolume[];
  /** Containers whose image its deployment has settled on: the digest that each must have. */
  readonly imageDigests?: Readonly<Record<string, string>>;
  /** GiB that its containers may write on the host besides volumes; FARGATE only. */
  readonly ephemeralStorageGiB?: number;
  /** What the task can read about itself. */
  readonly tags?: readonly Tag[];
}

/** Where a task of network mode awsvpc gets its address from, and what may reach it. */
export interface WantedNetwork {
  /** The agent takes one of them. */
  readonly subnets: readonly string[];
  readonly securityGroups: readonly string[];
  readonly assignPublicIp: boolean;
}

/** A volume that is `configuredAtLaunch`, as it was configured. */
export interface WantedVolume {
  readonly name: string;
  readonly sizeInGiB: number;
  readonly filesystemType: 'ext3' | 'ext4' | 'xfs';
  readonly deleteOnTermination: boolean;
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

export interface DefinitionsAnswer {
  readonly term: number;
  /** By ARN; at least one of those that were asked for, unless all are unknown. The others are asked for again. */
  readonly taskDefinitions: Readonly<Record<string, TaskDefinition>>;
  /** Revisions that no task of this instance has. */
  readonly unknown: readonly string[];
}
