import type { ContextRejection, DomainCommand, Effect } from './decider.ts';
import type { CommandAnswer } from './writer/writer-port.ts';

/*
 * The messages between a context that runs things on hosts and the agents of these hosts. The engine carries messages,
 * watches for silence and holds directives back until they are durable; what they mean is the context's.
 */

/** Which host's agent a message is from: NATS permissions prove it. */
export interface AgentAddress {
  /** Hosts that one shard knows. */
  readonly group: string;
  readonly host: string;
}

/** One life of a host's agent: its id is new for each start of the process. */
export interface AgentSession {
  readonly host: string;
  readonly sessionId: string;
}

/** An agent's sign of life. */
export interface AgentHeartbeat {
  readonly sessionId: string;
  /** Of what the host should have, as the agent knows it. */
  readonly version: number;
}

/**
 * What a heartbeat comes to for its sender. `alive`: the present session, up to date. `behind`: the present session, which lacks
 * the newest changes. `lost`: it is to open its session again. `fenced`: another session lives; this one may not serve.
 */
export type HeartbeatVerdict = 'alive' | 'behind' | 'lost' | 'fenced';

/** A message for the agent of a host. It may be lost: each carries what shows the agent a gap. */
export interface Directive {
  readonly host: string;
  readonly message: object;
}

/** What an agent's request comes to, worked out without any effect. */
export type AgentPlan<State, Command extends DomainCommand> =
  | { readonly kind: 'refused'; readonly answer: object }
  /** Answered from the state of the shard's writer, once that is durable. `term` is the writer's. */
  | { readonly kind: 'read'; readonly read: (state: State, term: number) => object }
  | {
      readonly kind: 'command';
      readonly command: Command;
      readonly answer: (outcome: CommandAnswer<ContextRejection>, term: number) => object;
      /** The session that counts as heard of once the command is accepted. */
      readonly opens?: string;
    };

/** One kind of request. */
export interface AgentRequest<State, Command extends DomainCommand> {
  /** Requests with the same name here are let in a few at a time; null: all at once. */
  readonly queue: string | null;
  plan(payload: unknown, from: AgentAddress): AgentPlan<State, Command>;
}

/** The protocol of one kind of agents. `State` and `Command` are those of the shards that the agents' groups belong to. */
export interface AgentsProtocol<State, Command extends DomainCommand, Out extends Effect> {
  shardOf(group: string): string;
  /** The group that a shard has, or null: it has no agents. */
  groupOf(shard: string): string | null;
  /** By the last token of the subject on which they come. */
  readonly requests: ReadonlyMap<string, AgentRequest<State, Command>>;
  /** The response while no writer of the group is open here. */
  absent(group: string): object;
  /** The response when the writer ended before it could answer. */
  readonly unavailable: object;
  /** Null: not to be understood. */
  heartbeat(payload: unknown): AgentHeartbeat | null;
  /** What a heartbeat comes to, and what its sender is sent in return, if anything. */
  heard(
    state: State,
    host: string,
    heartbeat: AgentHeartbeat,
    term: number,
  ): { readonly verdict: HeartbeatVerdict; readonly directive: object | null };
  /** Without a sign of life for this long a session counts as silent. */
  readonly silenceMs: number;
  /** The sessions that the log calls connected. */
  connected(state: State): readonly AgentSession[];
  /** Reports that a session was silent too long. */
  silent(session: AgentSession): Command;
  /** What agents are sent because of one durable commit, in order. */
  directives(effects: readonly Out[], term: number): readonly Directive[];
}

/** A protocol as the engine holds it. */
export type AnyAgentsProtocol = AgentsProtocol<unknown, DomainCommand, Effect>;

/** Forgets the types of a protocol, which only its own context knows. */
export function agentsProtocol<State, Command extends DomainCommand, Out extends Effect>(
  protocol: AgentsProtocol<State, Command, Out>,
): AnyAgentsProtocol {
  // States and effects come only from the shards that the protocol names.
  return protocol as unknown as AnyAgentsProtocol;
}
