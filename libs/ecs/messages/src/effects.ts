import type { Effect } from '#libs/kernel';
import type { WantedTask } from './wanted-task.ts';

/** One agent's wanted set changed by this task. Effects for one instance in one commit travel in one AssignMessage. */
export interface AssignTask extends Effect {
  readonly kind: 'assign';
  readonly instanceId: string;
  /** The wanted set's version with this change. */
  readonly version: number;
  readonly task: WantedTask;
}

export type ClusterEffect = AssignTask;

/*
 * What an accepted command answers (`Decider.answer`): computed from the recorded events alone, so that a repeated
 * command id gets the same again. The gateway turns ids into the ECS response with the view.
 */

export interface TasksAnswer {
  readonly taskIds: readonly string[];
  readonly failures: readonly {
    readonly instanceId: string | null;
    readonly reason: string;
    readonly detail?: string;
  }[];
}

export interface TaskDefinitionAnswer {
  readonly family: string;
  readonly revision: number;
}
