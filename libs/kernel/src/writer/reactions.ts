import type { Decider, DecisionContext, DomainCommand, Effect } from '../decider.ts';
import type { DomainEvent } from '../event.ts';
import { DECISION_WITH_REACTIONS_BYTES_MAX, REACTIONS_PER_DECISION_MAX } from './decision-limits.ts';
import type { DecisionDraft } from './decision-draft.ts';

/** How far the sagas have come: what a later decision must know to go on exactly there. */
export interface Progress<Command extends DomainCommand, Event extends DomainEvent> {
  /** The events that the sagas of this round react to. */
  readonly fresh: readonly Event[];
  /** Whose commands these are, and which of them are still to be decided. */
  readonly sagaIndex: number;
  readonly commands: readonly Command[];
  /** What this round has added so far. */
  readonly next: readonly Event[];
}

/** Before the first saga has seen these events. */
export function reactionsTo<Command extends DomainCommand, Event extends DomainEvent>(
  fresh: readonly Event[],
): Progress<Command, Event> {
  return { fresh, sagaIndex: -1, commands: [], next: [] };
}

/**
 * Lets the sagas react, round by round, until nothing reacts any more (null) or the decision is full (where to go on).
 * What a saga asks and the decider refuses is dropped: the saga looked at the same state, so a refusal means that there
 * is nothing to do. So is a reaction that would be too large for a decision of its own.
 */
export function react<State, Command extends DomainCommand, Event extends DomainEvent, Rejection, Out extends Effect>(
  decider: Decider<State, Command, Event, Rejection, Out>,
  state: State,
  progress: Progress<Command, Event>,
  draft: DecisionDraft<State, Command, Event, Rejection, Out>,
  context: DecisionContext,
): Progress<Command, Event> | null {
  let { fresh, sagaIndex } = progress;
  let commands = [...progress.commands];
  let next = [...progress.next];
  let reactions = 0;
  for (;;) {
    for (const [index, command] of commands.entries()) {
      if (reactions >= REACTIONS_PER_DECISION_MAX) return { fresh, sagaIndex, commands: commands.slice(index), next };
      reactions += 1;
      const reaction = decider.decide(state, command, context);
      if (reaction.kind === 'rejected' || reaction.events.length === 0) continue;
      const by = decider.sagas[sagaIndex]?.name ?? '';
      const events = reaction.events.map((event) => ({ ...event, by }));
      const texts = events.map((event) => JSON.stringify(event));
      const bytes = draft.sizeWith(texts);
      if (bytes > DECISION_WITH_REACTIONS_BYTES_MAX) {
        // Alone it would not fit either: it is dropped like a refused one.
        if (draft.events.length === 0) continue;
        return { fresh, sagaIndex, commands: commands.slice(index), next };
      }
      draft.add(events, texts, bytes);
      for (const event of events) next.push(event);
    }
    sagaIndex += 1;
    if (sagaIndex === decider.sagas.length) {
      if (next.length === 0) return null;
      fresh = next;
      next = [];
      sagaIndex = 0;
    }
    commands = [...(decider.sagas[sagaIndex]?.react(state, fresh, context) ?? [])];
  }
}
