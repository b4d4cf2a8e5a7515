import { CLUSTER_EVENTS } from '#libs/ecs/messages';
import type { ClusterCommand, ClusterEffect, ClusterEvent, Rejection } from '#libs/ecs/messages';
import type { Decider, Saga } from '#libs/kernel';
import type { ClusterState } from './cluster-state.ts';
import { clusterDeciders, clusterEvolvers } from './cluster/cluster.tables.ts';
import { nextRetentionDeadline } from './cluster/retention.decider.ts';
import {
  containerInstanceDeciders,
  containerInstanceEvolvers,
} from './container-instance/container-instance.tables.ts';
import { initialClusterState } from './initial-state.ts';
import { serviceDeciders, serviceEvolvers } from './service/service.tables.ts';
import { decideBy, evolveBy } from './shared/message-tables.ts';
import { requestTooLarge } from './shared/rejections.ts';
import { assignEffects } from './task/assign.effects.ts';
import { taskDeciders, taskEvolvers } from './task/task.tables.ts';
import { tasksAnswer } from './task/tasks-answer.ts';

export type ClusterDecider = Decider<ClusterState, ClusterCommand, ClusterEvent, Rejection, ClusterEffect>;
export type ClusterSaga = Saga<ClusterState, ClusterCommand, ClusterEvent>;

/**
 * The state machine of one cluster's shard. The sagas come from outside, because process managers know this room and not
 * the other way round; they react in the given order.
 */
export function clusterDecider(options: { readonly sagas: readonly ClusterSaga[] }): ClusterDecider {
  return {
    version: 4,
    events: CLUSTER_EVENTS,
    initialState: initialClusterState,
    decide: decideBy<ClusterState, ClusterCommand, ClusterEvent>({
      ...clusterDeciders,
      ...containerInstanceDeciders,
      ...taskDeciders,
      ...serviceDeciders,
    }),
    evolve: evolveBy<ClusterState, ClusterEvent>({
      ...clusterEvolvers,
      ...containerInstanceEvolvers,
      ...taskEvolvers,
      ...serviceEvolvers,
    }),
    effects: assignEffects,
    sagas: options.sagas,
    answer,
    tooLarge: requestTooLarge,
    termStarted: (term) => ({ type: 'TermStarted', v: 1, term }),
    nextDeadline: nextRetentionDeadline,
    elapse: () => ({ type: 'ElapseTime' }),
  };
}

/** The answer to the caller: the tasks of RunTask and StartTask; everything else is in the views. */
function answer(commandType: string, events: readonly ClusterEvent[]): unknown {
  return commandType === 'RunTask' || commandType === 'StartTask' ? tasksAnswer(events) : null;
}
