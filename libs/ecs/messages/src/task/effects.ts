import type { Effect } from '#libs/kernel';
import type { WantedTask } from './wanted-task.ts';

/** One agent's wanted set changed by this task. Effects for one instance in one commit travel in one AssignMessage. */
export interface AssignTask extends Effect {
  readonly kind: 'assign';
  readonly instanceId: string;
  /** The agent's session at that moment: an earlier one of the same instance must not act on it. */
  readonly sessionId: string;
  /** The wanted set's version with this change. */
  readonly version: number;
  readonly task: WantedTask;
}
