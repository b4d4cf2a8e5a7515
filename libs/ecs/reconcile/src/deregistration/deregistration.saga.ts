import type { ClusterCommand, ClusterEvent } from '#libs/ecs/messages';
import type { ClusterState } from '#libs/ecs/deciders';
import type { Saga } from '#libs/kernel';
import { hasTimePassed } from '../has-time-passed.ts';

const NOTHING: readonly ClusterCommand[] = [];

/**
 * Goes on with instances whose deregistration takes more than one decision. It looks at what is DEREGISTERING whenever a
 * step of one was recorded, and when time passes, in case that a writer ended in between.
 */
export const deregistrationSaga: Saga<ClusterState, ClusterCommand, ClusterEvent> = {
  name: 'deregistration',
  react(state, events) {
    if (!hasTimePassed(events) && !events.some(isStep)) return NOTHING;
    return unfinished(state).map((instanceId) => ({ type: 'DeregisterContainerInstance', instanceId, force: true }));
  },
  nextDeadline: (state) => (unfinished(state).length > 0 ? 0 : null),
};

function unfinished({ instances }: ClusterState): readonly string[] {
  const instanceIds: string[] = [];
  for (const { instanceId, status } of instances.values()) if (status === 'DEREGISTERING') instanceIds.push(instanceId);
  return instanceIds;
}

function isStep(event: ClusterEvent): boolean {
  return event.type === 'TaskStopped' || event.type === 'ContainerInstanceStatusChanged';
}
