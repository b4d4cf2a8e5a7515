import type { AccountEvent, TaskDefinitionCommand, TaskDefinitionEvent, TermStarted } from '#libs/ecs/messages';
import type { AccountState } from '../account-state.ts';
import type { DecideTable, EvolveTable } from '../shared/message-tables.ts';
import { decideRegisterTaskDefinition } from './register-task-definition.decider.ts';
import {
  evolveDeletionRequested,
  evolveDeregistered,
  evolveRegistered,
  evolveTagged,
  evolveTermStarted,
  evolveUntagged,
} from './task-definition.evolve.ts';
import {
  decideDeleteTaskDefinitions,
  decideDeregisterTaskDefinition,
  decideTagTaskDefinition,
  decideUntagTaskDefinition,
} from './task-definition-life.decider.ts';

export const taskDefinitionDeciders: DecideTable<AccountState, TaskDefinitionCommand, AccountEvent> = {
  RegisterTaskDefinition: decideRegisterTaskDefinition,
  DeregisterTaskDefinition: decideDeregisterTaskDefinition,
  DeleteTaskDefinitions: decideDeleteTaskDefinitions,
  TagTaskDefinition: decideTagTaskDefinition,
  UntagTaskDefinition: decideUntagTaskDefinition,
};

export const taskDefinitionEvolvers: EvolveTable<AccountState, TaskDefinitionEvent | TermStarted> = {
  TermStarted: evolveTermStarted,
  TaskDefinitionRegistered: evolveRegistered,
  TaskDefinitionDeregistered: evolveDeregistered,
  TaskDefinitionDeletionRequested: evolveDeletionRequested,
  TaskDefinitionTagged: evolveTagged,
  TaskDefinitionUntagged: evolveUntagged,
};
