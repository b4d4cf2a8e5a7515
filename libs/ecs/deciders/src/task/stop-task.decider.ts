import { REASON_CHARACTERS_MAX } from '#libs/ecs/messages';
import type { StopTask } from '#libs/ecs/messages';
import { accept, reject } from '#libs/kernel';
import type { ClusterState } from '../cluster-state.ts';
import type { ClusterDecision } from '../shared/outcome.ts';
import { clusterNotFound, taskNotFound } from '../shared/rejections.ts';
import { taskStopRequested } from './task-stop-requested.ts';

/** Stops a task on a user's word. Stopping a stopping or stopped task is a success in ECS and changes nothing. */
export function decideStopTask(state: ClusterState, command: StopTask): ClusterDecision {
  if (state.status !== 'ACTIVE') return reject(clusterNotFound());
  const task = state.tasks.get(command.taskId);
  if (task === undefined) return reject(taskNotFound());
  if (task.desiredStatus === 'STOPPED') return accept();
  const reason = command.reason === undefined || command.reason === '' ? 'Task stopped by user' : command.reason;
  return accept(taskStopRequested(task, 'USER', 'UserInitiated', reason.slice(0, REASON_CHARACTERS_MAX)));
}
