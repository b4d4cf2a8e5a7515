import type { ClusterEvent } from '#libs/ecs/messages';
import { assert } from '#libs/kernel';
import type { ClusterState } from '../cluster-state.ts';
import { ENDED_RETENTION_MS } from '../shared/ended-retention.ts';
import { firstItem, itemsOf } from '../shared/fifo.ts';

/** Tasks forgotten by one event; the rest is due at once and follows with the next tick. */
export const TASKS_FORGOTTEN_AT_ONCE_MAX = 500;

/** The tasks whose time is over. */
export function forgetStoppedTasks(state: ClusterState, at: number): readonly ClusterEvent[] {
  const taskIds: string[] = [];
  for (const taskId of itemsOf(state.stoppedTaskIds)) {
    if (taskIds.length === TASKS_FORGOTTEN_AT_ONCE_MAX || forgottenAt(state, taskId) > at) break;
    taskIds.push(taskId);
  }
  return taskIds.length === 0 ? [] : [{ type: 'TasksForgotten', v: 1, taskIds }];
}

/** When the next task is to be forgotten (ms), or null. */
export function nextRetentionDeadline(state: ClusterState): number | null {
  const oldest = firstItem(state.stoppedTaskIds);
  return oldest === undefined ? null : forgottenAt(state, oldest);
}

function forgottenAt(state: ClusterState, taskId: string): number {
  const stoppedAt = state.tasks.get(taskId)?.stoppedAt ?? null;
  assert(stoppedAt !== null, `task ${taskId} waits to be forgotten and is not STOPPED`);
  return stoppedAt + ENDED_RETENTION_MS;
}
