import type { AccountEvent, ClusterEvent, Rejection } from '#libs/ecs/messages';
import type { Accepted, Decision } from '#libs/kernel';

/** What a decision about a cluster is. */
export type ClusterDecision = Decision<ClusterEvent, Rejection>;

/** What a decision about an account is. */
export type AccountDecision = Decision<AccountEvent, Rejection>;

/** A decision with an answer that does not follow from its events: failures of single items, or the answer of an earlier one. */
export function acceptWith<Event>(answer: unknown, events: readonly Event[] = []): Accepted<Event> {
  return { kind: 'accepted', events, answer };
}
