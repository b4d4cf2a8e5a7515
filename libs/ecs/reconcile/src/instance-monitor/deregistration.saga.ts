import type { ClusterCommand, ClusterEvent } from '#libs/ecs/messages';
import type { ClusterState } from '#libs/ecs/deciders';
import type { Saga } from '#libs/kernel';

const NOTHING: readonly ClusterCommand[] = [];

/**
 * Goes on with instances whose deregistration takes more than one decision. It looks at what is DEREGISTERING whenever a
 * step of one was recorded, and when time passes, in case that a writer ended in between.
 */
export const deregistrationSaga: Saga<ClusterState, ClusterCommand, ClusterEvent> = {
  name: 'deregistration',
  react(state, events) {
    if (events.length > 0 && !events.some(isStep)) return NOTHING;
    const commands: ClusterCommand[] = [];
    for (const { instanceId, status } of state.instances.values()) {
      if (status === 'DEREGISTERING') commands.push({ type: 'DeregisterContainerInstance', instanceId, force: true });
    }
    return commands;
  },
};

function isStep(event: ClusterEvent): boolean {
  return event.type === 'TaskStopped' || event.type === 'ContainerInstanceStatusChanged';
}
