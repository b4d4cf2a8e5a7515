import type { ElapseTime } from '#libs/ecs/messages';
import type { DecisionContext } from '#libs/kernel';
import type { ClusterState } from '../cluster-state.ts';
import type { ClusterDecision } from '../shared/outcome.ts';
import { forgetStoppedTasks } from './retention.decider.ts';

/** Lets happen what is due. */
export function decideElapseTime(state: ClusterState, _command: ElapseTime, { at }: DecisionContext): ClusterDecision {
  return { kind: 'accepted', events: forgetStoppedTasks(state, at) };
}
