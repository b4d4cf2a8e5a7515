import type { ClusterCommand, ClusterEffect, ClusterEvent, Rejection } from '#libs/ecs/messages';
import { assert, reject } from '#libs/kernel';
import type { Decider, DecisionContext, Saga } from '#libs/kernel';
import { DECIDE, EVOLVE } from './cluster-tables.ts';
import type { ClusterState } from './cluster-state.ts';
import { nextRetentionDeadline } from './cluster/retention.decider.ts';
import { initialClusterState } from './initial-state.ts';
import type { ClusterDecision } from './shared/outcome.ts';
import { clientError, requestTooLarge } from './shared/rejections.ts';
import { assignEffects } from './task/assign.effects.ts';
import { tasksAnswer } from './task/tasks-answer.ts';

export type ClusterDecider = Decider<ClusterState, ClusterCommand, ClusterEvent, Rejection, ClusterEffect>;
export type ClusterSaga = Saga<ClusterState, ClusterCommand, ClusterEvent>;

type DecideAny = (state: ClusterState, command: ClusterCommand, context: DecisionContext) => ClusterDecision;
type EvolveAny = (state: ClusterState, event: ClusterEvent, at: number) => void;

/**
 * The state machine of one cluster's shard. The sagas come from outside, because process managers know this room and not
 * the other way round; they react in the given order.
 */
export function clusterDecider(options: { readonly sagas: readonly ClusterSaga[] }): ClusterDecider {
  return {
    initialState: initialClusterState,
    decide,
    evolve,
    effects: assignEffects,
    sagas: options.sagas,
    answer,
    tooLarge: requestTooLarge,
    termStarted: (term) => ({ type: 'TermStarted', v: 1, term }),
    nextDeadline: nextRetentionDeadline,
    elapse: () => ({ type: 'ElapseTime' }),
  };
}

function decide(state: ClusterState, command: ClusterCommand, context: DecisionContext): ClusterDecision {
  // A command may come from an older or newer gateway: a type that nobody knows here is bad input, not a broken shard.
  if (!Object.hasOwn(DECIDE, command.type)) return reject(clientError(`Unknown command: ${String(command.type)}.`));
  const decideOne = DECIDE[command.type] as DecideAny;
  return decideOne(state, command, context);
}

function evolve(state: ClusterState, event: ClusterEvent, at: number): void {
  // A fact that is skipped would be a state that lies: such a log belongs to a newer version.
  assert(Object.hasOwn(EVOLVE, event.type), `the event type ${event.type} is unknown to this version`);
  const evolveOne = EVOLVE[event.type] as EvolveAny;
  evolveOne(state, event, at);
}

/** What the caller is told: the tasks of RunTask and StartTask; of all others the views tell everything. */
function answer(commandType: string, events: readonly ClusterEvent[]): unknown {
  return commandType === 'RunTask' || commandType === 'StartTask' ? tasksAnswer(events) : null;
}
