import type { ClusterEvent } from '#libs/ecs/messages';
import type { RecordedDecision } from '#libs/kernel';

/** Looks at every event of a cluster's log, in order. Several placements of one event come one by one. */
export interface EventCheck {
  /** The model has everything up to this event, and not the event itself. */
  before?(event: ClusterEvent, at: number): void;
  /** The model has the event. */
  after?(event: ClusterEvent, at: number): void;
  /** All events of a decision are in the model. */
  decided?(decision: RecordedDecision<ClusterEvent>): void;
}
