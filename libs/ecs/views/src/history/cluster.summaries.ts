import type {
  ClusterCreated,
  ClusterDeleted,
  ClusterResource,
  ClusterResourceTagged,
  ClusterResourceUntagged,
  ClusterUpdated,
  TaskDefinitionDeletionRequested,
  TaskDefinitionDeregistered,
  TaskDefinitionImported,
  TaskDefinitionRegistered,
  TaskDefinitionTagged,
  TaskDefinitionUntagged,
  TermStarted,
} from '#libs/ecs/messages';
import type { EventHandlers } from '../view/event-handlers.ts';
import { isCluster, isInstance, isRevision, isService, isTask, isTaskDefinition, tagWords } from './about.ts';
import type { About, Summary } from './about.ts';

type ClusterOrAccountEvent =
  | TermStarted
  | ClusterCreated
  | ClusterUpdated
  | ClusterDeleted
  | ClusterResourceTagged
  | ClusterResourceUntagged
  | TaskDefinitionImported
  | TaskDefinitionRegistered
  | TaskDefinitionDeregistered
  | TaskDefinitionDeletionRequested
  | TaskDefinitionTagged
  | TaskDefinitionUntagged;

export const clusterSummaries: EventHandlers<ClusterOrAccountEvent, [about: About], Summary> = {
  TermStarted: ({ term }, about) => (isCluster(about) ? `a writer opened the shard with term ${term}` : null),
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
  TaskDefinitionRegistered: ({ taskDefinition, registeredBy }, about) =>
    isTaskDefinition(about, taskDefinition.taskDefinitionArn) ? `registered by ${registeredBy}` : null,
  TaskDefinitionDeregistered: ({ family, revision }, about) =>
    isRevision(about, family, revision) ? 'deregistered: INACTIVE' : null,
  TaskDefinitionDeletionRequested: ({ family, revision }, about) =>
    isRevision(about, family, revision) ? 'deletion requested: DELETE_IN_PROGRESS' : null,
  TaskDefinitionTagged: ({ family, revision, tags }, about) =>
    isRevision(about, family, revision) ? `tagged: ${tagWords(tags)}` : null,
  TaskDefinitionUntagged: ({ family, revision, tagKeys }, about) =>
    isRevision(about, family, revision) ? `untagged: ${tagKeys.join(', ')}` : null,
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
