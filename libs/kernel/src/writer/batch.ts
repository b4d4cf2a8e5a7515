import { COMMIT_BYTES_MAX, COMMIT_EVENTS_MAX } from '../commit.ts';
import type { ChainHead, EncodedCommit, RecordedDecision } from '../commit.ts';
import type { Effect } from '../decider.ts';
import type { DomainEvent } from '../event.ts';

/** Called once the batch is durable (with its revision), or when it is known or feared lost. */
export type Release = (outcome: BatchOutcome) => void;

export type BatchOutcome =
  | { readonly kind: 'durable'; readonly revision: number }
  /** Certainly not stored: the same command may be sent again. */
  | { readonly kind: 'lost'; readonly reason: string }
  /** It is not known: the same command id or client token finds out. */
  | { readonly kind: 'indeterminate'; readonly reason: string };

/** The decisions that will become one commit, and what is held back until it is durable. */
export class Batch<Event extends DomainEvent, Out extends Effect> {
  readonly decisions: RecordedDecision<Event>[] = [];
  readonly decisionTexts: string[] = [];
  readonly effects: Out[] = [];
  readonly #releases: Release[] = [];
  #eventCount = 0;
  #bytes = 0;

  get isFull(): boolean {
    return this.#eventCount >= COMMIT_EVENTS_MAX || this.#bytes >= COMMIT_BYTES_MAX;
  }

  /** Whether this decision must open the next commit. A decision is whole: an empty batch takes any. */
  wouldOverflow(eventCount: number, bytes: number): boolean {
    if (this.decisions.length === 0) return false;
    return this.#eventCount + eventCount > COMMIT_EVENTS_MAX || this.#bytes + bytes > COMMIT_BYTES_MAX;
  }

  add(decision: RecordedDecision<Event>, text: string, bytes: number, effects: readonly Out[]): void {
    this.decisions.push(decision);
    this.decisionTexts.push(text);
    for (const effect of effects) this.effects.push(effect);
    this.#eventCount += decision.events.length;
    this.#bytes += bytes;
  }

  hold(release: Release): void {
    this.#releases.push(release);
  }

  release(outcome: BatchOutcome): void {
    for (const release of this.#releases) release(outcome);
  }
}

/** A batch on its way to the log. */
export interface InFlight<Event extends DomainEvent, Out extends Effect> {
  readonly batch: Batch<Event, Out>;
  readonly encoded: EncodedCommit;
  readonly head: ChainHead;
  attempts: number;
}
