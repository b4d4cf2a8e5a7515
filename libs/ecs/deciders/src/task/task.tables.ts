import type { ClusterEvent, TaskCommand, TaskEvent } from '#libs/ecs/messages';
import type { ClusterState } from '../cluster-state.ts';
import type { DecideTable, EvolveTable } from '../shared/message-tables.ts';
import { decidePlaceTasks } from './place-tasks.decider.ts';
import { decideReportTaskStates } from './report-task-states.decider.ts';
import { decideRunTask } from './run-task.decider.ts';
import { decideStartTask } from './start-task.decider.ts';
import { decideStopTask } from './stop-task.decider.ts';
import {
  evolveTasksForgotten,
  evolveTaskStateChanged,
  evolveTaskStopped,
  evolveTaskStopRequested,
} from './task-life.evolve.ts';
import { evolveTasksPlaced, evolveTaskPlacementFailed, evolveTasksRequested } from './task-request.evolve.ts';

export const taskDeciders: DecideTable<ClusterState, TaskCommand, ClusterEvent> = {
  RunTask: decideRunTask,
  StartTask: decideStartTask,
  StopTask: decideStopTask,
  PlaceTasks: decidePlaceTasks,
  ReportTaskStates: decideReportTaskStates,
};

export const taskEvolvers: EvolveTable<ClusterState, TaskEvent> = {
  TasksRequested: evolveTasksRequested,
  TasksPlaced: evolveTasksPlaced,
  TaskPlacementFailed: evolveTaskPlacementFailed,
  TaskStateChanged: evolveTaskStateChanged,
  TaskStopRequested: evolveTaskStopRequested,
  TaskStopped: evolveTaskStopped,
  TasksForgotten: evolveTasksForgotten,
};
