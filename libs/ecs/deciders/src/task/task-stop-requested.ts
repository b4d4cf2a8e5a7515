import type { StopCause, StopCode, TaskStopRequested } from '#libs/ecs/messages';
import type { TaskState } from '../cluster-state.ts';

/** The fact that a task must stop. Only for tasks whose desiredStatus is RUNNING: a stop is asked for once. */
export function taskStopRequested(
  { taskId }: TaskState,
  cause: StopCause,
  stopCode: StopCode,
  stoppedReason: string,
): TaskStopRequested {
  return { type: 'TaskStopRequested', v: 1, taskId, cause, stopCode, stoppedReason };
}
