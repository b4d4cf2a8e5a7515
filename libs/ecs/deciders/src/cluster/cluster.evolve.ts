import { parseArn } from '#libs/ecs/messages';
import type {
  ClusterCreated,
  ClusterResourceTagged,
  ClusterResourceUntagged,
  ClusterUpdated,
  TaskDefinitionImported,
  TermStarted,
} from '#libs/ecs/messages';
import { assert } from '#libs/kernel';
import type { ClusterState } from '../cluster-state.ts';
import { mergeTags, tagsWithout } from '../shared/tags.ts';
import { countAssignment } from '../task/task-life.evolve.ts';
import { taskOf } from '../task/task-moment.ts';
import { taggableOf } from './tagging.decider.ts';
import type { Taggable } from './tagging.decider.ts';

export function evolveTermStarted(state: ClusterState, event: TermStarted): void {
  assert(event.term > state.term, `term ${event.term} follows term ${state.term}`);
  state.term = event.term;
}

export function evolveClusterCreated(state: ClusterState, event: ClusterCreated): void {
  const arn = parseArn(event.clusterArn);
  assert(arn !== undefined, `${event.clusterArn} is not an ARN`);
  state.locale = { region: arn.region, account: arn.account };
  state.clusterName = event.clusterName;
  state.clusterArn = event.clusterArn;
  state.status = 'ACTIVE';
  state.settings = event.settings;
  state.configuration = event.configuration;
  state.capacityProviders = event.capacityProviders;
  state.defaultCapacityProviderStrategy = event.defaultCapacityProviderStrategy;
  state.tags = event.tags;
  // Nothing of an earlier cluster of this name is left.
  state.inactiveServices.clear();
}

export function evolveClusterUpdated(state: ClusterState, event: ClusterUpdated): void {
  state.settings = event.settings ?? state.settings;
  state.configuration = event.configuration ?? state.configuration;
}

export function evolveClusterDeleted(state: ClusterState): void {
  state.status = 'INACTIVE';
}

export function evolveTaskDefinitionImported(state: ClusterState, event: TaskDefinitionImported): void {
  state.taskDefinitions.set(event.taskDefinition.taskDefinitionArn, event.taskDefinition);
}

export function evolveResourceTagged(state: ClusterState, event: ClusterResourceTagged): void {
  const tagged = recorded(taggableOf(state, event.resource));
  tagged.tags = mergeTags(tagged.tags, event.tags);
  countSent(state, event);
}

export function evolveResourceUntagged(state: ClusterState, event: ClusterResourceUntagged): void {
  const tagged = recorded(taggableOf(state, event.resource));
  tagged.tags = tagsWithout(tagged.tags, event.tagKeys);
  countSent(state, event);
}

function countSent(state: ClusterState, { resource, isSent }: ClusterResourceTagged | ClusterResourceUntagged): void {
  if (isSent === true && resource.kind === 'task') countAssignment(state, taskOf(state, resource.id));
}

function recorded(tagged: Taggable | undefined): Taggable {
  assert(tagged !== undefined, 'a recorded tag names an unknown resource');
  return tagged;
}
