import type {
  TaskDefinitionDeletionRequested,
  TaskDefinitionDeregistered,
  TaskDefinitionRegistered,
  TaskDefinitionTagged,
  TaskDefinitionUntagged,
  TermStarted,
} from '#libs/ecs/messages';
import { assert } from '#libs/kernel';
import { mergeTags, tagsWithout } from '../shared/tags.ts';
import { revisionOf } from '../account-state.ts';
import type { AccountState, RevisionState } from '../account-state.ts';

export function evolveTermStarted(state: AccountState, event: TermStarted): void {
  assert(event.term > state.term, `term ${event.term} follows term ${state.term}`);
  state.term = event.term;
}

export function evolveRegistered(state: AccountState, event: TaskDefinitionRegistered): void {
  const { family, revision } = event.taskDefinition;
  let known = state.families.get(family);
  if (known === undefined) {
    known = { highestRevision: 0, revisions: new Map() };
    state.families.set(family, known);
  }
  assert(revision > known.highestRevision, `${family}:${revision} follows revision ${known.highestRevision}`);
  known.highestRevision = revision;
  known.revisions.set(revision, { status: 'ACTIVE', tags: event.tags });
}

export function evolveDeregistered(state: AccountState, event: TaskDefinitionDeregistered): void {
  recorded(state, event).status = 'INACTIVE';
}

export function evolveDeletionRequested(state: AccountState, event: TaskDefinitionDeletionRequested): void {
  recorded(state, event).status = 'DELETE_IN_PROGRESS';
}

export function evolveTagged(state: AccountState, event: TaskDefinitionTagged): void {
  const revision = recorded(state, event);
  revision.tags = mergeTags(revision.tags, event.tags);
}

export function evolveUntagged(state: AccountState, event: TaskDefinitionUntagged): void {
  const revision = recorded(state, event);
  revision.tags = tagsWithout(revision.tags, event.tagKeys);
}

function recorded(state: AccountState, event: { readonly family: string; readonly revision: number }): RevisionState {
  const revision = revisionOf(state, event.family, event.revision);
  assert(revision !== undefined, `a fact names the unknown task definition ${event.family}:${event.revision}`);
  return revision;
}
