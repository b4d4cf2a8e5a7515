import type {
  CapacityProviderStrategyItem,
  LaunchType,
  NetworkConfiguration,
  PlacementConstraint,
  PlacementStrategy,
  PropagateTags,
  Tag,
  TaskOverride,
  VolumeConfiguration,
} from '../model.ts';
import type { RecordedTaskDefinition } from '../recorded/task-definition.ts';
import type { Rejection } from '../rejections.ts';
import type { TaskReport } from './task-report.ts';

/** A task definition revision with its tags, as the operation found it in the account's view. */
export interface ResolvedTaskDefinition {
  readonly taskDefinition: RecordedTaskDefinition;
  readonly tags: readonly Tag[];
}

/** Why the named task definition cannot be used. ECS looks at the request first, so the decider says when this counts. */
export interface Unresolved {
  readonly rejection: Rejection;
}

interface StandaloneTaskMembers {
  readonly resolved: ResolvedTaskDefinition;
  readonly group?: string;
  readonly startedBy?: string;
  readonly overrides?: TaskOverride;
  readonly tags?: readonly Tag[];
  readonly propagateTags?: PropagateTags;
  readonly enableECSManagedTags?: boolean;
  readonly enableExecuteCommand?: boolean;
  readonly networkConfiguration?: NetworkConfiguration;
  readonly volumeConfigurations?: readonly VolumeConfiguration[];
  readonly clientToken?: string;
  /** With clientToken: equal for requests that were sent with equal members, before anything was resolved or filled in. */
  readonly requestHash?: string;
}

export interface RunTask extends StandaloneTaskMembers {
  readonly type: 'RunTask';
  /** 1–10. */
  readonly count: number;
  readonly launchType?: LaunchType;
  readonly platformVersion?: string;
  readonly capacityProviderStrategy?: readonly CapacityProviderStrategyItem[];
  readonly placementConstraints?: readonly PlacementConstraint[];
  readonly placementStrategy?: readonly PlacementStrategy[];
}

export interface StartTask extends StandaloneTaskMembers {
  readonly type: 'StartTask';
  /** At most 10. */
  readonly instanceIds: readonly string[];
}

export interface StopTask {
  readonly type: 'StopTask';
  readonly taskId: string;
  readonly reason?: string;
}

/** The scheduler's answer for requested tasks; also what an outside scheduler may send. Checked again when decided. */
export interface PlaceTasks {
  readonly type: 'PlaceTasks';
  readonly placements: readonly TaskPlacement[];
  readonly refused: readonly PlacementRefusal[];
}

export interface TaskPlacement {
  readonly taskId: string;
  readonly instanceId: string;
}

/** Tasks that fit nowhere, and why: every instance's refusal counted. */
export interface PlacementRefusal {
  readonly taskIds: readonly string[];
  readonly failures: readonly PlacementFailure[];
}

/** One instance that refused (instanceId), or a whole-cluster reason (null). `reason` as ECS says it: `RESOURCE:CPU`, … */
export interface PlacementFailure {
  readonly instanceId: string | null;
  readonly reason: string;
  readonly detail?: string;
}

/** Facts from one agent; all or nothing in one decision. */
export interface ReportTaskStates {
  readonly type: 'ReportTaskStates';
  readonly instanceId: string;
  readonly sessionId: string;
  readonly reports: readonly TaskReport[];
}

export type TaskCommand = RunTask | StartTask | StopTask | PlaceTasks | ReportTaskStates;
