import { ACCOUNT_EVENTS, parseShard } from '#libs/ecs/messages';
import type { AccountCommand, AccountEvent, Rejection, TaskDefinitionAnswer } from '#libs/ecs/messages';
import type { Decider } from '#libs/kernel';
import type { AccountState } from './account-state.ts';
import { decideBy, evolveBy } from './shared/message-tables.ts';
import { requestTooLarge } from './shared/rejections.ts';
import { taskDefinitionDeciders, taskDefinitionEvolvers } from './task-definition/task-definition.tables.ts';

export type AccountDecider = Decider<AccountState, AccountCommand, AccountEvent, Rejection, never>;

/** The state machine of an account's shard: task definitions. It has no sagas, no effects and no deadlines. */
export function accountDecider(): AccountDecider {
  return {
    version: 1,
    events: ACCOUNT_EVENTS,
    initialState: (shard) => ({
      shard,
      term: 0,
      account: parseShard(shard)?.account ?? '',
      families: new Map(),
    }),
    decide: decideBy<AccountState, AccountCommand, AccountEvent>(taskDefinitionDeciders),
    evolve: evolveBy<AccountState, AccountEvent>(taskDefinitionEvolvers),
    effects: () => [],
    sagas: [],
    answer,
    tooLarge: requestTooLarge,
    termStarted: (term) => ({ type: 'TermStarted', v: 1, term }),
    nextDeadline: () => null,
    // Never asked for, because there is no deadline; a deletion of nothing is the command that changes nothing.
    elapse: () => ({ type: 'DeleteTaskDefinitions', taskDefinitions: [] }),
  };
}

/** The revision that was registered, or the status before a deregistration; the views have everything else. */
function answer(commandType: string, events: readonly AccountEvent[]): unknown {
  if (commandType === 'RegisterTaskDefinition') {
    for (const event of events) if (event.type === 'TaskDefinitionRegistered') return nameOf(event.taskDefinition);
  }
  if (commandType === 'DeregisterTaskDefinition') return { previousStatus: events.length > 0 ? 'ACTIVE' : 'INACTIVE' };
  return null;
}

function nameOf({ family, revision }: TaskDefinitionAnswer): TaskDefinitionAnswer {
  return { family, revision };
}
