import type { ClusterEvent, TaskDefinition } from '#libs/ecs/messages';
import type { ClusterState } from '../cluster-state.ts';

/**
 * The fact that brings a revision into this shard, when it is used here for the first time. It precedes the first
 * TasksRequested or ServiceCreated that names the revision, so that the shard can be folded by itself.
 */
export function importIfNew(state: ClusterState, taskDefinition: TaskDefinition): ClusterEvent[] {
  if (state.taskDefinitions.has(taskDefinition.taskDefinitionArn)) return [];
  return [{ type: 'TaskDefinitionImported', v: 1, taskDefinition }];
}
