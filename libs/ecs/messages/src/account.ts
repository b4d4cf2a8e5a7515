import type { DomainEvent } from '#libs/kernel';
import type { TermStarted } from './cluster-events.ts';
import type { ContainerDefinition, Opaque, PlacementConstraint, Tag, TaskDefinition } from './task-definition.ts';

/* Commands and facts of the account's shard (`ecs.<account>`). */

/** RegisterTaskDefinition as ECS takes it; defaults are filled in when decided. */
export interface TaskDefinitionInput extends Opaque {
  readonly family: string;
  readonly containerDefinitions: readonly (Partial<ContainerDefinition> & Opaque)[];
  readonly networkMode?: string;
  readonly cpu?: string;
  readonly memory?: string;
  readonly placementConstraints?: readonly PlacementConstraint[];
  readonly requiresCompatibilities?: readonly string[];
}

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
  readonly revisions: readonly { readonly family: string; readonly revision: number }[];
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

export type AccountCommand =
  RegisterTaskDefinition | DeregisterTaskDefinition | DeleteTaskDefinitions | TagTaskDefinition | UntagTaskDefinition;

interface Fact<Type extends string> extends DomainEvent {
  readonly type: Type;
  readonly v: 1;
}

export interface TaskDefinitionRegistered extends Fact<'TaskDefinitionRegistered'> {
  readonly taskDefinition: TaskDefinition;
  readonly tags: readonly Tag[];
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
  readonly tags: readonly Tag[];
}

export interface TaskDefinitionUntagged extends Fact<'TaskDefinitionUntagged'> {
  readonly family: string;
  readonly revision: number;
  readonly tagKeys: readonly string[];
}

export type AccountEvent =
  | TermStarted
  | TaskDefinitionRegistered
  | TaskDefinitionDeregistered
  | TaskDefinitionDeletionRequested
  | TaskDefinitionTagged
  | TaskDefinitionUntagged;
