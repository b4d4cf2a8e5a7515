import { parseShard } from '#libs/ecs/messages';
import type { AccountCommand, AccountEvent, Rejection, TaskDefinitionAnswer } from '#libs/ecs/messages';
import { assert, reject } from '#libs/kernel';
import type { Decider, DecisionContext } from '#libs/kernel';
import type { AccountDecision } from './account/account-decision.ts';
import type { AccountState } from './account/account-state.ts';
import {
  evolveDeletionRequested,
  evolveDeregistered,
  evolveRegistered,
  evolveTagged,
  evolveTermStarted,
  evolveUntagged,
} from './account/account.evolve.ts';
import { decideRegisterTaskDefinition } from './account/register-task-definition.decider.ts';
import {
  decideDeleteTaskDefinitions,
  decideDeregisterTaskDefinition,
  decideTagTaskDefinition,
  decideUntagTaskDefinition,
} from './account/task-definition-life.decider.ts';
import { clientError, requestTooLarge } from './shared/rejections.ts';

export type AccountDecider = Decider<AccountState, AccountCommand, AccountEvent, Rejection, never>;

type DecideTable = {
  readonly [Type in AccountCommand['type']]: (
    state: AccountState,
    command: Extract<AccountCommand, { type: Type }>,
    context: DecisionContext,
  ) => AccountDecision;
};

type EvolveTable = {
  readonly [Type in AccountEvent['type']]: (state: AccountState, event: Extract<AccountEvent, { type: Type }>) => void;
};

const DECIDE: DecideTable = {
  RegisterTaskDefinition: decideRegisterTaskDefinition,
  DeregisterTaskDefinition: decideDeregisterTaskDefinition,
  DeleteTaskDefinitions: decideDeleteTaskDefinitions,
  TagTaskDefinition: decideTagTaskDefinition,
  UntagTaskDefinition: decideUntagTaskDefinition,
};

const EVOLVE: EvolveTable = {
  TermStarted: evolveTermStarted,
  TaskDefinitionRegistered: evolveRegistered,
  TaskDefinitionDeregistered: evolveDeregistered,
  TaskDefinitionDeletionRequested: evolveDeletionRequested,
  TaskDefinitionTagged: evolveTagged,
  TaskDefinitionUntagged: evolveUntagged,
};

/** The state machine of an account's shard: task definitions. It has no sagas, no effects and no deadlines. */
export function accountDecider(): AccountDecider {
  return {
    initialState: (shard) => ({
      shard,
      term: 0,
      account: parseShard(shard)?.account ?? '',
      families: new Map(),
    }),
    decide,
    evolve,
    effects: () => [],
    sagas: [],
    answer,
    tooLarge: requestTooLarge,
    termStarted: (term) => ({ type: 'TermStarted', v: 1, term }),
    nextDeadline: () => null,
    // Never asked for, because there is no deadline; a deletion of nothing is the command that changes nothing.
    elapse: () => ({ type: 'DeleteTaskDefinitions', revisions: [] }),
  };
}

function decide(state: AccountState, command: AccountCommand, context: DecisionContext): AccountDecision {
  // A command may come from an older or newer gateway: a type that nobody knows here is bad input, not a broken shard.
  if (!Object.hasOwn(DECIDE, command.type)) return reject(clientError(`Unknown command: ${String(command.type)}.`));
  const decideOne = DECIDE[command.type] as (
    state: AccountState,
    command: AccountCommand,
    context: DecisionContext,
  ) => AccountDecision;
  return decideOne(state, command, context);
}

function evolve(state: AccountState, event: AccountEvent): void {
  assert(Object.hasOwn(EVOLVE, event.type), `the event type ${event.type} is unknown to this version`);
  const evolveOne = EVOLVE[event.type] as (state: AccountState, event: AccountEvent) => void;
  evolveOne(state, event);
}

/**
 * The revision that was registered, the status before a deregistration, or the revisions whose deletion was requested; the
 * views have everything else.
 */
function answer(commandType: string, events: readonly AccountEvent[]): unknown {
  if (commandType === 'RegisterTaskDefinition') {
    for (const event of events) if (event.type === 'TaskDefinitionRegistered') return nameOf(event.taskDefinition);
  }
  if (commandType === 'DeregisterTaskDefinition') return { previousStatus: events.length > 0 ? 'ACTIVE' : 'INACTIVE' };
  if (commandType === 'DeleteTaskDefinitions') {
    return events.filter((event) => event.type === 'TaskDefinitionDeletionRequested').map(nameOf);
  }
  return null;
}

function nameOf({ family, revision }: TaskDefinitionAnswer): TaskDefinitionAnswer {
  return { family, revision };
}
