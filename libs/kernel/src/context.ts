import type { AnyAgentsProtocol } from './agents-protocol.ts';
import type { Commit } from './commit.ts';
import type { ContextAudit } from './context-audit.ts';
import type { ContextViews, Locale } from './context-views.ts';
import type { ContextRejection, Decider, DomainCommand, Effect } from './decider.ts';
import type { DomainEvent } from './event.ts';
import type { Result } from './result.ts';
import type { ServiceModel } from './service-model.ts';

/**
 * A bounded context is a value: everything that one of Amazon's services consists of, as the engine needs it. Adding one
 * is a folder and a line in the list of contexts.
 */

/** An error as the wire has it, in whatever protocol. */
export interface ApiError {
  /** The modelled name without a namespace, e.g. `ClientException`. */
  readonly type: string;
  readonly message: string;
  /** 400–599; 4xx is the caller's fault. */
  readonly httpStatus: number;
  /** Further members of the modelled error, e.g. `resourceIds`. */
  readonly members?: Readonly<Record<string, unknown>>;
}

/**
 * A shard's state as plain data and back: what a snapshot holds, and exactly what the state hash covers. A state that was
 * encoded and decoded decides and evolves like the one that it was made from; so the order of its Maps and Sets is part of
 * the data wherever anything reads it, and what is derived is made anew.
 */
export interface StateCodec<State> {
  /** Names the encoding. A snapshot of another version is not read: the log is folded from its start. */
  readonly version: number;
  /** Objects, lists, texts, numbers, booleans and null; equal for equal states. Nothing in it changes with the state. */
  encode(state: State): object;
  /** `data` as `encode` made it, perhaps through JSON. It belongs to the state afterwards. */
  decode(data: object): State;
}

/** The shards of one kind: one state machine, one log each. */
export interface ShardKind<
  State,
  Command extends DomainCommand,
  Event extends DomainEvent,
  Rejection extends ContextRejection,
  Out extends Effect,
> {
  readonly name: string;
  /** Whether a shard of this name is of this kind, and of the installation that runs there. */
  owns(shard: string, locale: Locale): boolean;
  /** Nothing may be served without a shard of this kind: one whose log cannot be folded stops everything, not only itself. */
  readonly isIndispensable: boolean;
  readonly decider: Decider<State, Command, Event, Rejection, Out>;
  readonly snapshot: StateCodec<State>;
  /** Whether this command may open a shard that has no log yet. It is decided first: a refusal leaves nothing. */
  opens(command: Command): boolean;
}

/** A kind of shard as the engine holds it. */
export type AnyShardKind = ShardKind<unknown, DomainCommand, DomainEvent, ContextRejection, Effect>;

/** Forgets the types of a kind, which only its own context knows. */
export function shardKind<
  State,
  Command extends DomainCommand,
  Event extends DomainEvent,
  Rejection extends ContextRejection,
  Out extends Effect,
>(kind: ShardKind<State, Command, Event, Rejection, Out>): AnyShardKind {
  // A shard's commands and events come back only to the kind that owns the shard.
  return kind as unknown as AnyShardKind;
}

/** Who calls, and how. */
export interface Caller {
  /** An IAM-style ARN. */
  readonly principal: string;
  readonly source: 'aws' | 'nats';
  /** Unique; the response's x-amzn-RequestId. */
  readonly requestId: string;
  /** Names the call, and becomes the id of its command: a call that is sent again has the effect of one. */
  readonly callId: string;
  readonly correlationId?: string;
  /** The W3C trace that the caller named, 32 lower-case hex digits. */
  readonly traceId?: string;
  /** The request as it was sent, before anything was filled in: requests with one client token are compared by it. */
  readonly sent: Readonly<Record<string, unknown>>;
}

/** A command and the shard that it is for. */
export interface ShardCommand {
  readonly shard: string;
  readonly command: DomainCommand;
  readonly clientToken?: string;
}

/** What a request comes to, worked out without any effect. */
export type Plan =
  | { readonly kind: 'answer'; readonly output: object }
  | { readonly kind: 'rejected'; readonly rejection: ContextRejection }
  | {
      readonly kind: 'command';
      readonly submit: ShardCommand;
      /** The response, once the command is durable and the views have it. `answer` is the decider's. */
      readonly output: (answer: unknown) => Result<object, ContextRejection>;
    };

/** What a request needs a permission for. */
export interface Authorisation {
  /** For example `ecs:RunTask`. */
  readonly action: string;
  /** ARNs; `*` where the operation names no resource. */
  readonly resources: readonly string[];
}

/** One operation of an API: pure functions of the request, the views and the caller. */
export interface Operation<Views extends ContextViews = ContextViews> {
  /** It changes nothing: its plan is never a command. It waits for no log, and repeating it does no harm. */
  readonly isQuery: boolean;
  authorisation(input: Readonly<Record<string, unknown>>, views: Views): Authorisation;
  plan(input: Readonly<Record<string, unknown>>, views: Views, caller: Caller): Plan;
  /**
   * What the service looks up before it looks at values, where it does: an unknown name is then the error of a request that
   * does not fit the model either. Null: everything is there. Members of the input may be of any type.
   */
  lookups?(input: Readonly<Record<string, unknown>>, views: Views): Exclude<Plan, { readonly kind: 'command' }> | null;
}

/**
 * Facts of other contexts in, commands of this one out. Its position is durable, and the id of each command follows from
 * the event's position, so that an event that comes twice has the effect of one.
 */
export interface Policy {
  readonly name: string;
  /** Event types that it reacts to. */
  readonly reads: readonly string[];
  /** Command types that it sends. */
  readonly sends: readonly string[];
  react(event: DomainEvent, shard: string, at: number): readonly ShardCommand[];
}

/** A fact for the outside: EventBridge's JSON, and the attributes that make it a CloudEvent. */
export interface PublicEvent {
  readonly subject: string;
  /** Context attributes of CloudEvents 1.0 and of its extensions, by name. Their values are text. */
  readonly attributes: Readonly<Record<string, string>> & { readonly id: string };
  /** JSON text in EventBridge's shape: the data of the CloudEvent. */
  readonly body: string;
}

/**
 * What the world is told of one context. An event's id follows from shard, revision and position, so a commit that is
 * told again later gives the same ids; what such an event shows is the state by then.
 */
export interface PublicEvents {
  /** The facts of a commit that the views have. */
  of(commit: Commit<DomainEvent>): readonly PublicEvent[];
  /** Facts that would be too many one by one: the last state of each thing, since the last call. */
  gathered(): readonly PublicEvent[];
}

/** One of Amazon's services, whole. */
export interface BoundedContext<Views extends ContextViews = ContextViews> {
  readonly name: string;
  /** The services of Amazon's that it serves, as their clients speak to them; none for one without an API of its own. */
  readonly services: readonly ServiceModel[];
  readonly shardKinds: readonly AnyShardKind[];
  createViews(locale: Locale): Views;
  readonly operations: ReadonlyMap<string, Operation<Views>>;
  /** The JSON text of an output, for a context that keeps texts of what it shows often; otherwise that of JSON itself. */
  outputText?(output: object): string;
  /** The error that a rejection is on the wire. */
  error(rejection: ContextRejection): ApiError;
  readonly policies: readonly Policy[];
  publicEvents(views: Views): PublicEvents;
  /** How its log is read; null: it has none. */
  readonly audit: ContextAudit<Views> | null;
  /** What its hosts' agents say and are told; null: it has none. */
  agents(locale: Locale): AnyAgentsProtocol | null;
  /** What a new installation must have before the first request, as commands; none once it is there. */
  setup(views: Views): readonly ShardCommand[];
}
