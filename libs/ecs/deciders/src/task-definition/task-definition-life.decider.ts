import type {
  AccountEvent,
  DeleteTaskDefinitions,
  DeregisterTaskDefinition,
  TagTaskDefinition,
  UntagTaskDefinition,
} from '#libs/ecs/messages';
import { accept, reject } from '#libs/kernel';
import { asClientError, clientError, invalidParameter, resourceNotFound } from '../shared/rejections.ts';
import { addsNothing, checkAddedTags, checkUntagKeys, tagsWithout } from '../shared/tags.ts';
import type { AccountDecision } from '../shared/outcome.ts';
import { revisionOf } from '../account-state.ts';
import type { AccountState } from '../account-state.ts';

/** Revisions per call. */
export const TASK_DEFINITIONS_DELETED_AT_ONCE_MAX = 10;

const BEING_DELETED = 'The task definition could not be deregistered because it is in the process of being deleted.';

/** ACTIVE → INACTIVE. A revision that is INACTIVE already stays as it is; that is a success. */
export function decideDeregisterTaskDefinition(
  state: AccountState,
  { family, revision }: DeregisterTaskDefinition,
): AccountDecision {
  const known = revisionOf(state, family, revision);
  if (known === undefined) return reject(clientError('Unable to deregister task definition.'));
  if (known.status === 'DELETE_IN_PROGRESS') return reject(clientError(BEING_DELETED));
  return known.status === 'ACTIVE' ? accept({ type: 'TaskDefinitionDeregistered', v: 1, family, revision }) : accept();
}

/**
 * INACTIVE → DELETE_IN_PROGRESS. Revisions that are unknown or not INACTIVE are failures of the answer, item by item; the
 * answer names those whose deletion was requested.
 */
export function decideDeleteTaskDefinitions(
  state: AccountState,
  { revisions }: DeleteTaskDefinitions,
): AccountDecision {
  if (revisions.length === 0) return reject(invalidParameter('Task definitions cannot be empty.'));
  if (revisions.length > TASK_DEFINITIONS_DELETED_AT_ONCE_MAX) {
    return reject(invalidParameter(`taskDefinitions can have at most ${TASK_DEFINITIONS_DELETED_AT_ONCE_MAX} items.`));
  }
  const events: AccountEvent[] = [];
  const seen = new Set<string>();
  for (const { family, revision } of revisions) {
    const name = `${family}:${revision}`;
    if (seen.has(name) || revisionOf(state, family, revision)?.status !== 'INACTIVE') continue;
    seen.add(name);
    events.push({ type: 'TaskDefinitionDeletionRequested', v: 1, family, revision });
  }
  return accept(...events);
}

/** Adds tags or overwrites their values. */
export function decideTagTaskDefinition(
  state: AccountState,
  { family, revision, tags }: TagTaskDefinition,
): AccountDecision {
  const known = revisionOf(state, family, revision);
  if (known === undefined) return reject(resourceNotFound());
  const refused = asClientError(checkAddedTags(known.tags, tags));
  if (refused !== null) return reject(refused);
  if (addsNothing(known.tags, tags)) return accept();
  return accept({ type: 'TaskDefinitionTagged', v: 1, family, revision, tags });
}

/** Missing keys are skipped. */
export function decideUntagTaskDefinition(
  state: AccountState,
  { family, revision, tagKeys }: UntagTaskDefinition,
): AccountDecision {
  const known = revisionOf(state, family, revision);
  if (known === undefined) return reject(resourceNotFound());
  const refused = asClientError(checkUntagKeys(tagKeys));
  if (refused !== null) return reject(refused);
  if (tagsWithout(known.tags, tagKeys).length === known.tags.length) return accept();
  return accept({ type: 'TaskDefinitionUntagged', v: 1, family, revision, tagKeys });
}
