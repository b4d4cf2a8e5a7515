import type { RecordedDecision } from '../commit.ts';
import type { CommandEnvelope, Decider, DecisionContext, DomainCommand, Effect, IdSource } from '../decider.ts';
import type { DomainEvent } from '../event.ts';
import { idSource } from '../id-source.ts';
import { DecisionDraft } from './decision-draft.ts';
import { DECISION_BYTES_MAX } from './decision-limits.ts';
import { react, reactionsTo } from './reactions.ts';
import type { Progress } from './reactions.ts';

/** A command, everything that followed from it, and its effects. */
export type WholeDecision<Command extends DomainCommand, Event extends DomainEvent, Rejection, Out> =
  | ({ readonly kind: 'accepted'; readonly answer: unknown } & Outcome<Command, Event, Out>)
  | { readonly kind: 'rejected'; readonly rejection: Rejection };

/** A decision with its exact text. */
export interface RecordedText<Event extends DomainEvent> {
  readonly decision: RecordedDecision<Event>;
  readonly text: string;
  /** Of the text in UTF-8, or one more. */
  readonly bytes: number;
}

/** What a decision comes to, with or without a command of a caller. */
export interface Outcome<Command extends DomainCommand, Event extends DomainEvent, Out> {
  readonly events: readonly Event[];
  readonly effects: readonly Out[];
  /** What is to be recorded; null when there are no events. */
  readonly recorded: RecordedText<Event> | null;
  /** The decision is full, and the sagas are not done: `continueWhole` goes on there. */
  readonly rest: Progress<Command, Event> | null;
}

/** The decider threw before anything was changed: a defect, but the state is as it was. */
export class DeciderStumbled extends Error {
  constructor(cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.name = 'DeciderStumbled';
  }
}

/**
 * Decides a command, applies its events and lets the sagas react until nothing reacts any more, or until the decision is
 * as large as the log takes. A command whose own events are too large is refused, and changes nothing.
 *
 * The clock's command is shown to the sagas even when it made no event: what time alone makes due, they know.
 * @throws DeciderStumbled with the state unchanged; anything else leaves it half changed
 */
export function decideWhole<
  State,
  Command extends DomainCommand,
  Event extends DomainEvent,
  Rejection,
  Out extends Effect,
>(
  decider: Decider<State, Command, Event, Rejection, Out>,
  state: State,
  envelope: CommandEnvelope<Command>,
  at: number,
): WholeDecision<Command, Event, Rejection, Out> {
  const context = decisionContext(envelope, at);
  let decision;
  try {
    decision = decider.decide(state, envelope.command, context);
  } catch (error) {
    throw new DeciderStumbled(error);
  }
  if (decision.kind === 'rejected') return decision;

  const { events } = decision;
  const answerOf = (all: readonly Event[]): unknown => decision.answer ?? decider.answer(envelope.command.type, all);
  if (events.length === 0 && envelope.source !== 'clock') {
    return { kind: 'accepted', answer: answerOf(events), events, effects: [], recorded: null, rest: null };
  }
  const draft = draftOf(decider, state, envelope, at, decision.answer);
  const texts = events.map((event) => JSON.stringify(event));
  const bytes = draft.sizeWith(texts);
  if (bytes > DECISION_BYTES_MAX) return { kind: 'rejected', rejection: decider.tooLarge(bytes, DECISION_BYTES_MAX) };
  draft.add(events, texts, bytes);
  const rest = react(decider, state, reactionsTo<Command, Event>(events), draft, context);
  return { kind: 'accepted', answer: answerOf(draft.events), ...outcomeOf(draft, rest) };
}

/** Goes on where a decision was full. `envelope` names the command that it all follows from. */
export function continueWhole<
  State,
  Command extends DomainCommand,
  Event extends DomainEvent,
  Rejection,
  Out extends Effect,
>(
  decider: Decider<State, Command, Event, Rejection, Out>,
  state: State,
  envelope: CommandEnvelope<Command>,
  at: number,
  progress: Progress<Command, Event>,
): Outcome<Command, Event, Out> {
  const draft = draftOf(decider, state, envelope, at);
  return outcomeOf(draft, react(decider, state, progress, draft, decisionContext(envelope, at)));
}

function draftOf<State, Command extends DomainCommand, Event extends DomainEvent, Rejection, Out extends Effect>(
  decider: Decider<State, Command, Event, Rejection, Out>,
  state: State,
  { commandId, command, principal, source, correlationId, traceId, causationId, clientToken }: CommandEnvelope<Command>,
  at: number,
  answer?: unknown,
): DecisionDraft<State, Command, Event, Rejection, Out> {
  return new DecisionDraft(decider, state, {
    commandId,
    command: command.type,
    principal,
    source,
    correlationId,
    ...(traceId === undefined ? {} : { traceId }),
    causationId,
    ...(clientToken === undefined ? {} : { clientToken }),
    at,
    ...(answer === undefined ? {} : { answer }),
  });
}

function outcomeOf<State, Command extends DomainCommand, Event extends DomainEvent, Rejection, Out extends Effect>(
  draft: DecisionDraft<State, Command, Event, Rejection, Out>,
  rest: Progress<Command, Event> | null,
): Outcome<Command, Event, Out> {
  const { events, effects, decision, text, bytes } = draft;
  return { events, effects, recorded: events.length === 0 ? null : { decision, text, bytes }, rest };
}

function decisionContext<Command extends DomainCommand>(
  envelope: CommandEnvelope<Command>,
  at: number,
): DecisionContext {
  let ids: IdSource | undefined;
  return {
    at,
    commandId: envelope.commandId,
    principal: envelope.principal,
    get ids() {
      // A sender may choose its command ids, and choose one again when the first use is forgotten.
      ids ??= idSource(`${envelope.principal} ${envelope.command.type} ${envelope.commandId} ${at}`);
      return ids;
    },
  };
}
