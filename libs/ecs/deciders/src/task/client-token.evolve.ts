import type { PlacementFailure, TasksRequested } from '#libs/ecs/messages';
import type { ClusterState, TaskState } from '../cluster-state.ts';
import { dropFirst, firstItem, pushItem } from '../shared/fifo.ts';

/** A request with a token was accepted. An expired token is overwritten. */
export function rememberToken(state: ClusterState, event: TasksRequested, at: number): void {
  forgetFruitlessTokens(state, at);
  const { clientToken, taskIds } = event;
  if (clientToken === undefined) return;
  const { token, requestHash, expiresAt, expiresWithoutTasksAt } = clientToken;
  const known = state.clientTokens.get(token);
  // A request may be recorded in parts, one per capacity provider, all of one moment.
  const before = known?.at === at ? known.taskIds : [];
  state.clientTokens.set(token, {
    requestHash,
    taskIds: [...before, ...taskIds],
    tasksKept: before.length + taskIds.length,
    failures: [],
    at,
    expiresAt,
    expiresWithoutTasksAt,
  });
}

/** Some tasks of a request found no place; they are no longer part of its answer. */
export function rememberFailures(
  state: ClusterState,
  token: string,
  failedTaskIds: readonly string[],
  failures: readonly PlacementFailure[],
): void {
  const known = state.clientTokens.get(token);
  if (known === undefined) return;
  known.taskIds = known.taskIds.filter((taskId) => !failedTaskIds.includes(taskId));
  known.tasksKept = known.taskIds.length;
  known.failures = [...known.failures, ...failures];
  if (known.taskIds.length === 0)
    pushItem(state.fruitlessTokens, { token, at: known.at, expiresAt: known.expiresWithoutTasksAt });
}

/** A task is gone from the state; the token goes with the last one. */
export function forgetTokenWith(state: ClusterState, task: TaskState): void {
  if (task.clientToken === null) return;
  const known = state.clientTokens.get(task.clientToken);
  // A later request may have taken an expired token over.
  if (known === undefined || known.at !== task.createdAt) return;
  known.tasksKept -= 1;
  if (known.tasksKept === 0) state.clientTokens.delete(task.clientToken);
}

function forgetFruitlessTokens(state: ClusterState, at: number): void {
  for (;;) {
    const oldest = firstItem(state.fruitlessTokens);
    if (oldest === undefined || at < oldest.expiresAt) return;
    dropFirst(state.fruitlessTokens);
    const known = state.clientTokens.get(oldest.token);
    if (known !== undefined && known.at === oldest.at && known.taskIds.length === 0) {
      state.clientTokens.delete(oldest.token);
    }
  }
}
