import type { CallResult, RuntimeCall } from '#libs/agent-core';
import type { DefinitionsAnswer, DoorRefusal, ReportAnswer, ReportRequest, WantedPage } from '#libs/contracts';

/** Who checks what the agent of a host does. */
export interface AgentObserver<Host> {
  /** An agent acted on a message of a term older than one it had seen. */
  actedOnOldTerm(host: Host, what: string): void;
  /** An agent was told that its instance is deregistered. */
  toldInactive(host: Host): void;
  /** An agent was told that another session has taken its place. */
  toldFenced(host: Host): void;
  /** An agent has a session again. */
  serves(host: Host): void;
  /** An agent asks its engine for something. */
  calls(host: Host, taskId: string, call: RuntimeCall): void;
  /** … and the engine has answered. */
  called(host: Host, taskId: string, call: RuntimeCall, result: CallResult): void;
  /** An agent says something that a person will read. */
  notes(host: Host, text: string): void;
  /** A control plane answers an agent that reads its wanted set. */
  wantedAnswered(host: Host, answer: WantedPage | DoorRefusal, term: number): void;
  /** … or the definitions of its tasks. */
  definitionsAnswered(host: Host, answer: DefinitionsAnswer | DoorRefusal): void;
  /** A report arrives at a control plane; returns what to call with the answer. */
  reportArrived(host: Host, request: ReportRequest): (answer: ReportAnswer | DoorRefusal) => void;
  /** A heartbeat arrives at the control plane that writes. */
  heartbeatArrived(host: Host, sessionId: string): void;
}
