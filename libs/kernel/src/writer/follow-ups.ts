import { assert } from '../assert.ts';
import type { CommandEnvelope, Decider, DomainCommand, Effect } from '../decider.ts';
import type { DomainEvent } from '../event.ts';
import { FOLLOW_UPS_MAX } from './decision-limits.ts';
import type { Progress } from './reactions.ts';
import { continueWhole } from './whole-decision.ts';
import type { Outcome } from './whole-decision.ts';

interface FollowUp<Command extends DomainCommand, Event extends DomainEvent> {
  /** The command that all of it follows from. */
  readonly cause: CommandEnvelope<Command>;
  readonly progress: Progress<Command, Event>;
  /** 1 for the first one of a command. */
  readonly count: number;
}

/**
 * Decisions that were full, oldest first: what their sagas still have to say is recorded as decisions of its own, with the
 * same command and principal. A writer that ends in between loses nothing: sagas look at levels, and time asks them again.
 */
export class FollowUps<State, Command extends DomainCommand, Event extends DomainEvent, Rejection, Out extends Effect> {
  readonly #decider: Decider<State, Command, Event, Rejection, Out>;
  readonly #state: State;
  readonly #waiting: FollowUp<Command, Event>[] = [];

  constructor(decider: Decider<State, Command, Event, Rejection, Out>, state: State) {
    this.#decider = decider;
    this.#state = state;
  }

  get isWaiting(): boolean {
    return this.#waiting.length > 0;
  }

  /** What is beyond the bound is left to time: sagas that have not finished say so by their deadline. */
  add(cause: CommandEnvelope<Command>, progress: Progress<Command, Event>, count = 1): void {
    if (count > FOLLOW_UPS_MAX) return;
    this.#waiting.push({ cause, progress, count });
  }

  /** Decides the oldest one. Call it only while one waits. */
  decideNext(at: number): Outcome<Command, Event, Out> {
    const followUp = this.#waiting.shift();
    assert(followUp !== undefined, 'nothing is left to follow');
    const { cause, progress, count } = followUp;
    const { commandId } = cause;
    const envelope = {
      ...cause,
      commandId: `${commandId}+${count}`,
      source: 'writer',
      causationId: commandId,
    } as const;
    const outcome = continueWhole(this.#decider, this.#state, envelope, at, progress);
    if (outcome.rest !== null) this.add(cause, outcome.rest, count + 1);
    return outcome;
  }
}
