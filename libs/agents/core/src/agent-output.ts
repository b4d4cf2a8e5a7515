import type { DrainRequest, Heartbeat, ReportRequest } from '#libs/agents/protocol';
import type { TaskDefinition, WantedSum, WantedTask } from '#libs/ecs/messages';
import type { ReadonlyKnownTask } from './known.ts';
import type { StepOrder } from './task-board.ts';

export interface AgentCoreOptions {
  readonly cluster: string;
  readonly instanceId: string;
  /** New for each process start. */
  readonly sessionId: string;
  /** Creations and starts at once; 2 × cores is a good value. */
  readonly startsInFlightMax: number;
  readonly pullsInFlightMax?: number;
  readonly othersInFlightMax?: number;
  /** How long stopped containers stay on the host. */
  readonly cleanupDelayMs?: number;
  /** Of how many ended tasks at most; the longest ended are removed first. */
  readonly stoppedTasksKeptMax?: number;
  readonly inventoryIntervalMs?: number;
  /** Where containers read about themselves, e.g. `http://169.254.170.2`; absent: they are not given any place. */
  readonly metadataUri?: string;
}

/** One task of the host, to be read only: what is wanted of it and what is known of it. */
export interface HostTask {
  /** undefined: found on the host, or no longer in the wanted set. */
  readonly wanted: WantedTask | undefined;
  /** undefined as above, or not here yet. */
  readonly definition: TaskDefinition | undefined;
  readonly known: ReadonlyKnownTask;
}

/** What the shell is to do. */
export type AgentOutput =
  /** Ask for a page of the wanted set; answer with `wantedAnswered` and the attempt. */
  | { readonly kind: 'read-wanted'; readonly attempt: number; readonly after: string | null }
  /** Ask for a session; answer with `sessionAnswered` and the attempt. */
  | { readonly kind: 'open-session'; readonly attempt: number; readonly wanted: WantedSum }
  /** Ask for task definitions; answer with `definitionsAnswered` and the id. */
  | { readonly kind: 'read-definitions'; readonly requestId: number; readonly taskDefinitionArns: readonly string[] }
  /** Send; answer with `reportAnswered` and the id. */
  | { readonly kind: 'report'; readonly requestId: number; readonly request: ReportRequest }
  /** Ask for no new tasks; answer with `drainAnswered` and the id. */
  | { readonly kind: 'drain'; readonly requestId: number; readonly request: DrainRequest }
  /** The agent may end: its tasks are gone, or so many are left at the limit. */
  | { readonly kind: 'drained'; readonly tasksLeft: number }
  | { readonly kind: 'heartbeat'; readonly heartbeat: Heartbeat }
  /** List the containers with this instance's label; answer with `inventory` or `inventoryFailed`. */
  | { readonly kind: 'take-inventory' }
  /** Perform on the runtime; answer with `stepDone`. */
  | ({ readonly kind: 'step' } & StepOrder)
  /** Something a person should read. */
  | { readonly kind: 'notice'; readonly level: 'info' | 'warn' | 'error'; readonly text: string };
