import { arns } from '#libs/ecs/messages';
import type { RecordedClientToken, Rejection, TasksAnswer } from '#libs/ecs/messages';
import type { ClientTokenState, ClusterState } from '../cluster-state.ts';
import { tokenConflict } from '../shared/rejections.ts';

const HOUR_MS = 3_600_000;
/** A token is good for at most this long … */
export const CLIENT_TOKEN_LIFETIME_MS = 24 * HOUR_MS;
/** … and no longer than its tasks are known, which is their life and an hour; so for a request without tasks: */
export const FRUITLESS_TOKEN_LIFETIME_MS = HOUR_MS;

/** What is recorded of a request's token. */
export function recordedToken(token: string, requestHash: string, at: number): RecordedClientToken {
  return {
    token,
    requestHash,
    expiresAt: at + CLIENT_TOKEN_LIFETIME_MS,
    expiresWithoutTasksAt: at + FRUITLESS_TOKEN_LIFETIME_MS,
  };
}

/** The answer to a repeated request: the first one, or that it was another request. */
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

function isExpired({ taskIds, expiresAt, expiresWithoutTasksAt }: ClientTokenState, at: number): boolean {
  return at >= (taskIds.length === 0 ? expiresWithoutTasksAt : expiresAt);
}
