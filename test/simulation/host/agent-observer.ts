import type { CallResult, RuntimeCall } from '#libs/agents/core';
import type { AgentRefusal, ReportAnswer, ReportRequest } from '#libs/agents/protocol';
import type { DefinitionsAnswer, WantedPage } from '#libs/ecs/messages';
import type { SimEngine } from './sim-engine.ts';

/** A machine with its agent, as far as those look at it who check what it does. */
export interface ObservedHost {
  readonly name: string;
  readonly instanceId: string;
  /** Which life of the agent's process this is. */
  readonly process: { readonly life: number };
  readonly engine: Pick<SimEngine, 'specOf' | 'runtimeNameOf'>;
}

/** How an agent has drained that is about to end. */
export interface DrainEnd {
  /** Tasks that it has left behind. */
  readonly tasksLeft: number;
  /** How long it has waited, and how long it would have (ms). */
  readonly waitedMs: number;
  readonly limitMs: number;
}

/** Who checks what an agent does. */
export interface AgentObserver {
  /** An agent acted on a message of a term older than one it had seen. */
  actedOnOldTerm(host: ObservedHost, what: string): void;
  /** An agent learns that its instance is deregistered. */
  learnsInactive(host: ObservedHost): void;
  /** An agent learns that another session has taken its place. */
  learnsFenced(host: ObservedHost): void;
  /** An agent has a session again. */
  serves(host: ObservedHost): void;
  /** An agent asks its engine for something. */
  calls(host: ObservedHost, taskId: string, call: RuntimeCall): void;
  /** … and the engine has answered. */
  called(host: ObservedHost, taskId: string, call: RuntimeCall, result: CallResult): void;
  /** An agent that was to drain is done with it and ends. */
  drained(host: ObservedHost, end: DrainEnd): void;
  /** An agent says something that a person will read. */
  notes(host: ObservedHost, text: string): void;
  /** A control plane answers an agent that reads its wanted set. */
  wantedAnswered(host: ObservedHost, answer: WantedPage | AgentRefusal, term: number): void;
  /** … or the definitions of its tasks. */
  definitionsAnswered(host: ObservedHost, answer: DefinitionsAnswer | AgentRefusal): void;
  /** A report arrives at a control plane; returns what to call with the answer. */
  reportArrived(host: ObservedHost, request: ReportRequest): (answer: ReportAnswer | AgentRefusal) => void;
  /** A heartbeat arrives at the control plane that writes. */
  heartbeatArrived(host: ObservedHost, sessionId: string): void;
}
