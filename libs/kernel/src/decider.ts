import type { DomainEvent, EventCatalogue } from './event.ts';

/** A decision that was taken: the facts that follow from a command, in order. No events = nothing to do, a success. */
export interface Accepted<Event> {
  readonly kind: 'accepted';
  readonly events: readonly Event[];
  /** The answer, where it does not follow from the events; recorded beside them. Otherwise `Decider.answer` derives it. */
  readonly answer?: unknown;
}

/** An expected "no". It is answered to the caller and leaves nothing in the log. */
export interface Rejected<Rejection> {
  readonly kind: 'rejected';
  readonly rejection: Rejection;
}

/** An expected negative result of a context, whatever else its rejections carry. */
export interface ContextRejection {
  /** The context's own code, e.g. `ClusterNotFound`. */
  readonly code: string;
  /** Amazon's text: clients match on it. */
  readonly message: string;
}

export type Decision<Event, Rejection> = Accepted<Event> | Rejected<Rejection>;

export function accept<Event>(...events: Event[]): Accepted<Event> {
  return { kind: 'accepted', events };
}

export function reject<Rejection>(rejection: Rejection): Rejected<Rejection> {
  return { kind: 'rejected', rejection };
}

/** What every command carries. */
export interface DomainCommand {
  readonly type: string;
}

/** Where a command came in. */
export type CommandSource = 'aws' | 'nats' | 'agent' | 'clock' | 'writer';

/** A command on its way to the writer of a shard. */
export interface CommandEnvelope<Command extends DomainCommand> {
  /** Unique per principal and type; a command that comes again with the same id gets the first answer. */
  readonly commandId: string;
  readonly command: Command;
  /** Who asks: an IAM-style ARN, `nats:<user>`, `agent:<instanceId>` or `system:<role>`. */
  readonly principal: string;
  readonly source: CommandSource;
  readonly correlationId: string;
  /** The W3C trace that the caller named, 32 lower-case hex digits. */
  readonly traceId?: string;
  readonly causationId: string | null;
  readonly clientToken?: string;
  /** When its writer received it, ms since the epoch. The writer clamps it so that time in the log never runs back. */
  readonly at: number;
}

/** A command that has not reached its writer yet. It has no time: of all clocks only the writer's counts. */
export type CommandRequest<Command extends DomainCommand> = Omit<CommandEnvelope<Command>, 'at'>;

/** What a pure function may know about the moment of a decision. */
export interface DecisionContext {
  /** The decision's time, ms since the epoch, never before the one of an earlier decision. */
  readonly at: number;
  readonly commandId: string;
  readonly principal: string;
  /** Fresh identifiers, a pure function of the command's identity and time: another decision draws other ones. */
  readonly ids: IdSource;
}

export interface IdSource {
  /** 32 lower-case hex digits (task ids). */
  hex32(): string;
  /** RFC 4122 shape, lower case. */
  uuid(): string;
  /** 19 decimal digits, the first one not 0 (deployment ids). */
  digits19(): string;
  /** Uniform in [0, 1). */
  random(): number;
}

/**
 * What leaves the shard after the ack, never before. `to` names the receiver; effects to the same receiver in one
 * commit travel in one message.
 */
export interface Effect {
  readonly kind: string;
}

/**
 * A process manager: what is due, what to do about it, and when to look again. Pure; it sees the state with these events
 * already applied.
 */
export interface Saga<State, Command extends DomainCommand, Event extends DomainEvent> {
  readonly name: string;
  /** Facts in, more commands out. Without events time has passed. */
  react(state: State, events: readonly Event[], context: DecisionContext): readonly Command[];
  /**
   * The next moment (ms) at which `react` has something to do though nothing has happened, or null. 0, long past: it has
   * not finished. At that moment it must act, or the writer would ask again without end.
   */
  nextDeadline(state: State): number | null;
}

/**
 * A deterministic state machine. `evolve` changes the state in place (a copy of the cluster an event costs too much);
 * the state therefore belongs to exactly one owner and is never handed out.
 */
export interface Decider<
  State,
  Command extends DomainCommand,
  Event extends DomainEvent,
  Rejection,
  Out extends Effect,
> {
  /** Raised with every change of what is decided or how sagas react; each commit names the one that made it. From 1. */
  readonly version: number;
  /** What the shard's log consists of. */
  readonly events: EventCatalogue<Event>;
  initialState(shard: string): State;
  decide(state: State, command: Command, context: DecisionContext): Decision<Event, Rejection>;
  evolve(state: State, event: Event, at: number): void;
  /** Effects of an event that was just applied. They are held back until the event is durable. */
  effects(state: State, event: Event): readonly Out[];
  readonly sagas: readonly Saga<State, Command, Event>[];
  /** The answer to the first caller, and again to a repeated command: a pure function of what was recorded. */
  answer(commandType: string, events: readonly Event[]): unknown;
  /** The refusal of a command whose events, encoded, are larger than the log takes. */
  tooLarge(bytes: number, bytesMax: number): Rejection;
  /** The fact that a writer opened the shard with this term. */
  termStarted(term: number): Event;
  /** The next moment (ms) at which `elapse` makes an event of its own, or null. What sagas wait for, they know. */
  nextDeadline(state: State): number | null;
  /** The command that lets time pass. */
  elapse(at: number): Command;
}

/** The next moment (ms) at which time alone may change something: the decider's own and its sagas'. */
export function nextDeadlineOf<State, Command extends DomainCommand, Event extends DomainEvent>(
  { nextDeadline, sagas }: Pick<Decider<State, Command, Event, unknown, Effect>, 'nextDeadline' | 'sagas'>,
  state: State,
): number | null {
  let next = nextDeadline(state) ?? Infinity;
  for (const saga of sagas) next = Math.min(next, saga.nextDeadline(state) ?? Infinity);
  return next === Infinity ? null : next;
}
