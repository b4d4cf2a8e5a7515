import type { ClusterEvent, Rejection } from '#libs/contracts';
import type { Decision } from '#libs/kernel';

/** What a decision about a cluster is. */
export type ClusterDecision = Decision<ClusterEvent, Rejection>;

/**
 * Accepted, nothing to record, and yet an answer: that of an earlier command. The shell answers `answer` instead of
 * asking the decider, which only sees events.
 */
export interface AnsweredBefore<Answer> {
  readonly kind: 'accepted';
  readonly events: readonly [];
  readonly answer: Answer;
}

export function answeredBefore<Answer>(answer: Answer): AnsweredBefore<Answer> {
  return { kind: 'accepted', events: [], answer };
}
