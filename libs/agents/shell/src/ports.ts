import type { CallResult, ContainerHint, InventoryItem, RuntimeCall } from '#libs/agents/core';
import type { Heartbeat, InstanceDescription } from '#libs/agents/protocol';
import type { AgentLeaf } from '#libs/subjects';

/** What an agent asks: the last tokens of the subjects that are answered. */
export type AgentQuestion = Exclude<AgentLeaf, 'heartbeat'>;

/** To the control plane. What comes back goes into `AgentShell.answered` and `AgentShell.directed`. */
export interface AgentWire {
  /** The number names the request in its answer, which may come twice, late or never. */
  ask(question: AgentQuestion, requestNumber: number, request: object): void;
  heartbeat(heartbeat: Heartbeat): void;
}

/** The containers of one host. Each call calls back once. */
export interface HostRuntime {
  /** @param taskId the task that the call is for, to be named in logs */
  perform(call: RuntimeCall, done: (result: CallResult) => void, taskId: string): void;
  /** All containers of this instance; null: no answer, which is never read as "none". */
  list(done: (items: readonly InventoryItem[] | null) => void): void;
  /** `onConnected`: events may have been lost. */
  listen(onEvent: (hint: ContainerHint) => void, onConnected: () => void): void;
}

/** What the host offers just now; null: its runtime does not answer, so it has nothing to offer. */
export type DescribeHost = (done: (description: InstanceDescription | null) => void) => void;
