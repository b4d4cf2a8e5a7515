import { parseArn } from '#libs/ecs/messages';
import type {
  ClusterCreated,
  ClusterEvent,
  ClusterLifecycleEvent,
  RecordedTag,
  TaggedResource,
  TermStarted,
} from '#libs/ecs/messages';
import { containerInstanceFolds } from './container-instance.fold.ts';
import { dispatcher } from './event-handlers.ts';
import type { EventHandlers } from './event-handlers.ts';
import { known, PoisonEvent } from './poison-event.ts';
import type { CachedOutput, ClusterRecord, ClusterRecords } from './records.ts';
import { serviceFolds } from './service.fold.ts';
import { mergeTags, withoutTags } from './tags.ts';
import { outdate } from './task-counting.ts';
import { instanceOf, taskFolds, taskOf } from './task.fold.ts';

const ownFolds: EventHandlers<ClusterLifecycleEvent | TermStarted, [records: ClusterRecords, at: number], void> = {
  TermStarted: () => {},
  ClusterCreated: createCluster,
  ClusterUpdated: ({ settings, configuration }, records) => {
    const cluster = clusterOf(records);
    cluster.settings = settings ?? cluster.settings;
    cluster.configuration = configuration ?? cluster.configuration;
  },
  ClusterDeleted: ({ expiresAt }, records) => {
    const cluster = clusterOf(records);
    cluster.status = 'INACTIVE';
    records.ended.add({ kind: 'cluster', record: cluster }, expiresAt);
  },
  TaskDefinitionImported: ({ taskDefinition }, records) => {
    records.taskDefinitions.set(taskDefinition.taskDefinitionArn, taskDefinition);
  },
  ClusterResourceTagged: ({ resource, tags }, records) => {
    const tagged = taggable(records, resource);
    tagged.tags = mergeTags(tagged.tags, tags);
  },
  ClusterResourceUntagged: ({ resource, tagKeys }, records) => {
    const tagged = taggable(records, resource);
    tagged.tags = withoutTags(tagged.tags, tagKeys);
  },
};

function clusterOf(records: ClusterRecords): ClusterRecord {
  return known(records.cluster, 'cluster', 'of this shard');
}

function createCluster(event: ClusterCreated, records: ClusterRecords): void {
  if (records.cluster?.status === 'ACTIVE') throw new PoisonEvent(`cluster ${event.clusterName} is there already`);
  const { region, account } = known(parseArn(event.clusterArn), 'cluster ARN', event.clusterArn);
  records.wasCreated = true;
  records.cluster = {
    clusterName: event.clusterName,
    clusterArn: event.clusterArn,
    locale: { region, account },
    status: 'ACTIVE',
    settings: event.settings,
    configuration: event.configuration,
    capacityProviders: event.capacityProviders,
    defaultCapacityProviderStrategy: event.defaultCapacityProviderStrategy,
    tags: event.tags,
  };
}

function taggable(records: ClusterRecords, resource: TaggedResource): { tags: readonly RecordedTag[] } {
  switch (resource.kind) {
    case 'cluster':
      return clusterOf(records);
    case 'container-instance':
      return outdated(instanceOf(records, resource.id));
    case 'task':
      return outdated(taskOf(records, resource.id));
    case 'service':
      return outdated(known(records.services.get(resource.name), 'service', resource.name));
    default:
      // A newer version may tag more kinds of things.
      throw new PoisonEvent(`a taggable resource of an unknown kind: ${JSON.stringify(resource)}`);
  }
}

function outdated<Entity extends { readonly cached: CachedOutput }>(entity: Entity): Entity {
  outdate(entity.cached);
  return entity;
}

/** Folds one event of a cluster's shard. @throws PoisonEvent */
export const foldClusterEvent = dispatcher<ClusterEvent, [records: ClusterRecords, at: number], void>({
  ...ownFolds,
  ...containerInstanceFolds,
  ...taskFolds,
  ...serviceFolds,
});
