import type { EventCatalogue } from '#libs/kernel';
import type { Fact } from '../fact.ts';
import type { RecordedTag } from '../recorded/common.ts';
import type { RecordedTaskDefinition } from '../recorded/task-definition.ts';

export interface TaskDefinitionRegistered extends Fact<'TaskDefinitionRegistered'> {
  readonly taskDefinition: RecordedTaskDefinition;
  readonly tags: readonly RecordedTag[];
  /** The principal's ARN. */
  readonly registeredBy: string;
}

export interface TaskDefinitionDeregistered extends Fact<'TaskDefinitionDeregistered'> {
  readonly family: string;
  readonly revision: number;
}

/** DELETE_IN_PROGRESS from here on: cannot be used, can still be described. */
export interface TaskDefinitionDeletionRequested extends Fact<'TaskDefinitionDeletionRequested'> {
  readonly family: string;
  readonly revision: number;
}

export interface TaskDefinitionTagged extends Fact<'TaskDefinitionTagged'> {
  readonly family: string;
  readonly revision: number;
  readonly tags: readonly RecordedTag[];
}

export interface TaskDefinitionUntagged extends Fact<'TaskDefinitionUntagged'> {
  readonly family: string;
  readonly revision: number;
  readonly tagKeys: readonly string[];
}

export type TaskDefinitionEvent =
  | TaskDefinitionRegistered
  | TaskDefinitionDeregistered
  | TaskDefinitionDeletionRequested
  | TaskDefinitionTagged
  | TaskDefinitionUntagged;

export const taskDefinitionEvents: EventCatalogue<TaskDefinitionEvent> = {
  TaskDefinitionRegistered: { v: 1 },
  TaskDefinitionDeregistered: { v: 1 },
  TaskDefinitionDeletionRequested: { v: 1 },
  TaskDefinitionTagged: { v: 1 },
  TaskDefinitionUntagged: { v: 1 },
};
