import type { ClusterLifecycleEvent, ClusterResource, TermStarted } from '#libs/ecs/messages';
import type { EventHandlers } from '../view/event-handlers.ts';
import { isCluster, isInstance, isService, isTask, isTaskDefinition, tagWords } from './about.ts';
import type { About, Summary } from './about.ts';

/** Of a cluster; an account has no history of its own. */
export const termSummaries: EventHandlers<TermStarted, [about: About], Summary> = {
  TermStarted: ({ term }, about) => (isCluster(about) ? `a writer opened the shard with term ${term}` : null),
};

export const clusterSummaries: EventHandlers<ClusterLifecycleEvent, [about: About], Summary> = {
  ClusterCreated: ({ clusterName }, about) => (isCluster(about) ? `cluster ${clusterName} created` : null),
  ClusterUpdated: ({ settings, configuration }, about) => {
    if (!isCluster(about)) return null;
    const changes = [settings && 'settings', configuration && 'configuration'];
    return `updated: ${changes.filter((change) => change !== undefined).join(', ')}`;
  },
  ClusterDeleted: (_event, about) => (isCluster(about) ? 'deleted: INACTIVE' : null),
  ClusterResourceTagged: ({ resource, tags }, about) =>
    isTaggable(about, resource) ? `tagged: ${tagWords(tags)}` : null,
  ClusterResourceUntagged: ({ resource, tagKeys }, about) =>
    isTaggable(about, resource) ? `untagged: ${tagKeys.join(', ')}` : null,
  TaskDefinitionImported: ({ taskDefinition }, about) =>
    isTaskDefinition(about, taskDefinition.taskDefinitionArn) ? 'used in this cluster for the first time' : null,
};

function isTaggable(about: About, resource: ClusterResource): boolean {
  switch (resource.kind) {
    case 'cluster':
      return isCluster(about);
    case 'task':
      return isTask(about, resource.id);
    case 'container-instance':
      return isInstance(about, resource.id);
    case 'service':
      return isService(about, resource.name);
  }
}
