import type { EventCatalogue } from '#libs/kernel';
import type { Fact } from '../fact.ts';
import type { PlacementFailure, TaskPlacement, TaskTemplate } from './commands.ts';
import type { TaskReport } from './task-report.ts';

/** Tasks exist from here on (PROVISIONING, desired RUNNING). All made from one template. */
export interface TasksRequested extends Fact<'TasksRequested'> {
  readonly taskIds: readonly string[];
  readonly template: TaskTemplate;
  /** StartTask: the instances, one a task, that were asked for. */
  readonly instanceIds?: readonly string[];
  /** RunTask and StartTask: a request with this token must have this hash, or it is another request. */
  readonly clientToken?: string;
  readonly requestHash?: string;
}

/** PENDING on their instances: resources are reserved, the agents are told after the ack. */
export interface TasksPlaced extends Fact<'TasksPlaced'> {
  readonly placements: readonly TaskPlacement[];
}

/** These tasks end here, before they were ever visible: no instance fits. */
export interface TasksPlacementFailed extends Fact<'TasksPlacementFailed'> {
  readonly taskIds: readonly string[];
  readonly failures: readonly PlacementFailure[];
  readonly serviceName?: string;
}

/** What an agent reported and the log did not know yet. The report is the whole known state of the task. */
export interface TaskStateChanged extends Fact<'TaskStateChanged'> {
  readonly report: TaskReport;
  /** The status that follows: never behind the one before. STOPPED releases the resources. */
  readonly lastStatus: 'PENDING' | 'RUNNING' | 'STOPPING' | 'STOPPED';
  /** Set with STOPPED unless a TaskStopRequested said it before. */
  readonly stopCode?: StopCode;
  readonly stoppedReason?: string;
}

export type StopCode =
  | 'TaskFailedToStart'
  | 'EssentialContainerExited'
  | 'UserInitiated'
  | 'ServiceSchedulerInitiated'
  | 'TerminationNotice';

/** desiredStatus is STOPPED from here on; the agent is told after the ack. */
export interface TaskStopRequested extends Fact<'TaskStopRequested'> {
  readonly taskId: string;
  readonly stopCode: StopCode;
  readonly stoppedReason: string;
}

/** STOPPED without an agent's report: its instance was deregistered by force. */
export interface TaskStopped extends Fact<'TaskStopped'> {
  readonly taskId: string;
  readonly stopCode: StopCode;
  readonly stoppedReason: string;
}

/** Retention: stopped long enough ago; gone from state and views, still in the history. */
export interface TasksForgotten extends Fact<'TasksForgotten'> {
  readonly taskIds: readonly string[];
}

export type TaskEvent =
  | TasksRequested
  | TasksPlaced
  | TasksPlacementFailed
  | TaskStateChanged
  | TaskStopRequested
  | TaskStopped
  | TasksForgotten;

export const taskEvents: EventCatalogue<TaskEvent> = {
  TasksRequested: { v: 1 },
  TasksPlaced: { v: 1 },
  TasksPlacementFailed: { v: 1 },
  TaskStateChanged: { v: 1 },
  TaskStopRequested: { v: 1 },
  TaskStopped: { v: 1 },
  TasksForgotten: { v: 1 },
};
