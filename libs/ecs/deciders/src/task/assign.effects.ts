import type { ClusterEffect, ClusterEvent } from '#libs/ecs/messages';
import type { ClusterState } from '../cluster-state.ts';
import { taskOf } from './task-moment.ts';
import { wantedTask } from './wanted-set.ts';

const NOTHING: readonly ClusterEffect[] = [];

/**
 * The directives for agents that follow from an event that was just applied. A task's end that its own agent reported is not
 * sent back, and does not count as a change of the wanted set.
 */
export function assignEffects(state: ClusterState, event: ClusterEvent): readonly ClusterEffect[] {
  switch (event.type) {
    case 'TasksPlaced': {
      const effects: ClusterEffect[] = [];
      for (const { taskId } of event.placements) pushAssignment(state, taskId, effects);
      return effects;
    }
    case 'TaskStopRequested':
    case 'TaskStopped': {
      const effects: ClusterEffect[] = [];
      pushAssignment(state, event.taskId, effects);
      return effects;
    }
    case 'ClusterResourceTagged':
    case 'ClusterResourceUntagged': {
      if (event.isSent !== true || event.resource.kind !== 'task') return NOTHING;
      const effects: ClusterEffect[] = [];
      pushAssignment(state, event.resource.id, effects);
      return effects;
    }
    default:
      return NOTHING;
  }
}

function pushAssignment(state: ClusterState, taskId: string, effects: ClusterEffect[]): void {
  const task = taskOf(state, taskId);
  const instance = task.instanceId === null ? undefined : state.instances.get(task.instanceId);
  if (instance === undefined) return;
  effects.push({
    kind: 'assign',
    instanceId: instance.instanceId,
    sessionId: instance.sessionId,
    version: task.assignedVersion,
    task: wantedTask(state, task),
  });
}
