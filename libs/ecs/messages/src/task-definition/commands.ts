import type { Tag, TaskDefinitionInput } from '../model.ts';
import type { TaskDefinitionAnswer } from './answers.ts';

export interface RegisterTaskDefinition {
  readonly type: 'RegisterTaskDefinition';
  /** The region whose name appears in the ARN. */
  readonly region: string;
  readonly input: TaskDefinitionInput;
  readonly tags?: readonly Tag[];
}

export interface DeregisterTaskDefinition {
  readonly type: 'DeregisterTaskDefinition';
  readonly family: string;
  readonly revision: number;
}

export interface DeleteTaskDefinitions {
  readonly type: 'DeleteTaskDefinitions';
  readonly taskDefinitions: readonly NamedTaskDefinition[];
}

/** A revision under the name that the caller gave it. */
export interface NamedTaskDefinition {
  readonly name: string;
  /** MALFORMED: the name is that of no revision. ELSEWHERE: of something else, or of another account or region. */
  readonly id: TaskDefinitionAnswer | 'MALFORMED' | 'ELSEWHERE';
}

export interface TagTaskDefinition {
  readonly type: 'TagTaskDefinition';
  readonly family: string;
  readonly revision: number;
  readonly tags: readonly Tag[];
}

export interface UntagTaskDefinition {
  readonly type: 'UntagTaskDefinition';
  readonly family: string;
  readonly revision: number;
  readonly tagKeys: readonly string[];
}

export type TaskDefinitionCommand =
  RegisterTaskDefinition | DeregisterTaskDefinition | DeleteTaskDefinitions | TagTaskDefinition | UntagTaskDefinition;
