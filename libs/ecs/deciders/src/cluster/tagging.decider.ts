import type {
  ClusterResource,
  RecordedTag,
  TagClusterResource,
  TaggedResource,
  UntagClusterResource,
} from '#libs/ecs/messages';
import { accept, reject } from '#libs/kernel';
import type { ClusterState } from '../cluster-state.ts';
import { containerInstanceOf } from '../container-instance/container-instance-of.ts';
import type { ClusterDecision } from '../shared/outcome.ts';
import { clusterNotFound, resourceNotFound } from '../shared/rejections.ts';
import { recordedTag } from '../shared/recorded.ts';
import { addsNothing, checkAddedTags, checkUntagKeys, tagsWithout } from '../shared/tags.ts';

/** A thing that carries tags. */
export interface Taggable {
  tags: readonly RecordedTag[];
}

/** The tagged thing, or undefined when there is none of this name. */
export function taggableOf(state: ClusterState, resource: TaggedResource): Taggable | undefined {
  switch (resource.kind) {
    case 'cluster':
      return state;
    case 'container-instance':
      return containerInstanceOf(state, resource.id);
    case 'task':
      return state.tasks.get(resource.id);
    case 'service':
      return state.services.get(resource.name);
  }
}

/** Adds tags or overwrites their values (TagResource merges). */
export function decideTagClusterResource(state: ClusterState, { resource, tags }: TagClusterResource): ClusterDecision {
  if (state.status !== 'ACTIVE') return reject(clusterNotFound());
  const tagged = taggableOf(state, resource);
  if (tagged === undefined) return reject(resourceNotFound());
  const refused = checkAddedTags(tagged.tags, tags);
  if (refused !== null) return reject(refused);
  return addsNothing(tagged.tags, tags)
    ? accept()
    : accept({
        type: 'ClusterResourceTagged',
        v: 1,
        resource: recordedResource(resource),
        tags: tags.map(recordedTag),
        ...sentTo(state, resource),
      });
}

/** Missing keys are skipped. */
export function decideUntagClusterResource(
  state: ClusterState,
  { resource, tagKeys }: UntagClusterResource,
): ClusterDecision {
  if (state.status !== 'ACTIVE') return reject(clusterNotFound());
  const tagged = taggableOf(state, resource);
  if (tagged === undefined) return reject(resourceNotFound());
  const refused = checkUntagKeys(tagKeys);
  if (refused !== null) return reject(refused);
  if (tagsWithout(tagged.tags, tagKeys).length === tagged.tags.length) return accept();
  const untagged = { type: 'ClusterResourceUntagged', v: 1, resource: recordedResource(resource), tagKeys } as const;
  return accept({ ...untagged, ...sentTo(state, resource) });
}

/** A task can read its own tags: its host must know them as long as it has the task. */
function sentTo({ tasks }: ClusterState, resource: ClusterResource): { readonly isSent?: true } {
  const task = resource.kind === 'task' ? tasks.get(resource.id) : undefined;
  const isOnHost = task !== undefined && task.instanceId !== null && task.lastStatus !== 'STOPPED';
  return isOnHost ? { isSent: true } : {};
}

function recordedResource(resource: ClusterResource): TaggedResource {
  switch (resource.kind) {
    case 'cluster':
      return { kind: 'cluster' };
    case 'service':
      return { kind: 'service', name: resource.name };
    case 'container-instance':
    case 'task':
      return { kind: resource.kind, id: resource.id };
  }
}
