import { arns } from '#libs/ecs/messages';
import type { PlacementFailure, Rejection, TasksAnswer, TasksRequested } from '#libs/ecs/messages';
import type { ClientTokenState, ClusterState, TaskState } from '../cluster-state.ts';
import { dropFirst, firstItem, pushItem } from '../shared/fifo.ts';
import { tokenConflict } from '../shared/rejections.ts';

const HOUR_MILLISECONDS = 3_600_000;
/** A token is good for at most this long … */
export const CLIENT_TOKEN_LIFETIME_MILLISECONDS = 24 * HOUR_MILLISECONDS;
/** … and no longer than its tasks are known, which is their life and an hour; so for a request without tasks: */
export const FRUITLESS_TOKEN_LIFETIME_MILLISECONDS = HOUR_MILLISECONDS;

/** What a repeated request is told: the first answer, or that it was another request. */
export type TokenOutcome =
  | { readonly kind: 'repeated'; readonly answer: TasksAnswer }
  | { readonly kind: 'conflict'; readonly rejection: Rejection };

/** Looks a request's token up; null when it is new, or so old that it counts as new. */
export function findRepeated(
  state: ClusterState,
  token: { readonly clientToken: string; readonly requestHash: string },
  at: number,
): TokenOutcome | null {
  const first = state.clientTokens.get(token.clientToken);
  if (first === undefined || isExpired(first, at)) return null;
  if (first.requestHash !== token.requestHash) {
    const resourceIds = first.taskIds.map((taskId) => arns.task(state.locale, state.clusterName, taskId));
    return { kind: 'conflict', rejection: tokenConflict(resourceIds) };
  }
  return { kind: 'repeated', answer: { taskIds: first.taskIds, failures: first.failures } };
}

function isExpired({ taskIds, at: since }: ClientTokenState, at: number): boolean {
  const lifetime = taskIds.length === 0 ? FRUITLESS_TOKEN_LIFETIME_MILLISECONDS : CLIENT_TOKEN_LIFETIME_MILLISECONDS;
  return at - since >= lifetime;
}

/** Evolve: a request with a token was accepted. An expired token is overwritten. */
export function rememberToken(state: ClusterState, event: TasksRequested, at: number): void {
  forgetFruitlessTokens(state, at);
  const { clientToken, requestHash = '', taskIds } = event;
  if (clientToken === undefined) return;
  state.clientTokens.set(clientToken, { requestHash, taskIds, tasksKept: taskIds.length, failures: [], at });
}

/** Evolve: some tasks of a request found no place; they are no longer part of its answer. */
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
  if (known.taskIds.length === 0) pushItem(state.fruitlessTokens, { token, at: known.at });
}

/** Evolve: a task is gone from the state; the token goes with the last one. */
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
    if (oldest === undefined || at - oldest.at < FRUITLESS_TOKEN_LIFETIME_MILLISECONDS) return;
    dropFirst(state.fruitlessTokens);
    const known = state.clientTokens.get(oldest.token);
    if (known !== undefined && known.at === oldest.at && known.taskIds.length === 0) {
      state.clientTokens.delete(oldest.token);
    }
  }
}
