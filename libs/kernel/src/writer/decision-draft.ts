import type { RecordedDecision } from '../commit.ts';
import type { Decider, DomainCommand, Effect } from '../decider.ts';
import type { DomainEvent } from '../event.ts';
import { utf8Length } from '../encoded-size.ts';

/** What a decision says besides its events. */
export type DecisionHeader = Omit<RecordedDecision<DomainEvent>, 'events'>;

/** Commas and brackets around the events. */
const PUNCTUATION_BYTES = ',"events":[]'.length;

/**
 * A decision while it grows: its events, applied as they are added, and its exact text. A decision is one message of the
 * log at most, so its size is known at every step, in the bytes that will be sent.
 */
export class DecisionDraft<
  State,
  Command extends DomainCommand,
  Event extends DomainEvent,
  Rejection,
  Out extends Effect,
> {
  readonly events: Event[] = [];
  readonly effects: Out[] = [];
  readonly #decider: Decider<State, Command, Event, Rejection, Out>;
  readonly #state: State;
  readonly #header: DecisionHeader;
  readonly #headerText: string;
  readonly #eventTexts: string[] = [];
  #bytes: number;

  constructor(decider: Decider<State, Command, Event, Rejection, Out>, state: State, header: DecisionHeader) {
    this.#decider = decider;
    this.#state = state;
    this.#header = header;
    this.#headerText = JSON.stringify(header);
    this.#bytes = utf8Length(this.#headerText) + PUNCTUATION_BYTES;
  }

  /** The size that the decision would have with these events. */
  sizeWith(eventTexts: readonly string[]): number {
    let bytes = this.#bytes;
    for (const text of eventTexts) bytes += utf8Length(text) + 1;
    return bytes;
  }

  /** Applies events to the state and records them with their texts. `bytes`: what `sizeWith` gave for them. */
  add(events: readonly Event[], eventTexts: readonly string[], bytes: number): void {
    this.#bytes = bytes;
    for (const text of eventTexts) this.#eventTexts.push(text);
    for (const event of events) {
      this.#decider.evolve(this.#state, event, this.#header.at);
      for (const effect of this.#decider.effects(this.#state, event)) this.effects.push(effect);
      this.events.push(event);
    }
  }

  /** At least the bytes of `text`, and at most one more. */
  get bytes(): number {
    return this.#bytes;
  }

  get decision(): RecordedDecision<Event> {
    return { ...this.#header, events: this.events };
  }

  /** The text of `decision`, as JSON.stringify gives it. */
  get text(): string {
    return `${this.#headerText.slice(0, -1)},"events":[${this.#eventTexts.join(',')}]}`;
  }
}
