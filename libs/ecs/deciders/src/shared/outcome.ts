import type { AccountEvent, ClusterEvent, Rejection } from '#libs/ecs/messages';
import type { Accepted, Decision } from '#libs/kernel';

/** What a decision about a cluster is. */
export type ClusterDecision = Decision<ClusterEvent, Rejection>;

/** What a decision about an account is. */
export type AccountDecision = Decision<AccountEvent, Rejection>;

/** A request that came before: nothing to record, and the first answer again. */
export function answeredBefore(answer: unknown): Accepted<never> {
  return { kind: 'accepted', events: [], answer };
}
