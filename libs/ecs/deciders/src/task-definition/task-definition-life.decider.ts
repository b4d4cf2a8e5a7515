import type {
  AccountEvent,
  DeleteTaskDefinitions,
  DeregisterTaskDefinition,
  NamedTaskDefinition,
  TagTaskDefinition,
  TaskDefinitionsDeletedAnswer,
  UntagTaskDefinition,
} from '#libs/ecs/messages';
import { accept, reject } from '#libs/kernel';
import { acceptWith } from '../shared/outcome.ts';
import { recordedTag } from '../shared/recorded.ts';
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

const STILL_ACTIVE =
  'The specified task definition is still in ACTIVE status. Please deregister the target and try again.';
const MALFORMED_NAME =
  'The specified task definition identifier is invalid. Specify a valid name or ARN and try again.';
const UNKNOWN_REVISION =
  'The specified task definition does not exist. Specify a valid account, family, revision and try again.';

/**
 * INACTIVE → DELETE_IN_PROGRESS, each revision by itself: what cannot be deleted is a failure of the answer. Deleting what is
 * being deleted already is a success.
 */
export function decideDeleteTaskDefinitions(
  state: AccountState,
  { taskDefinitions }: DeleteTaskDefinitions,
): AccountDecision {
  if (taskDefinitions.length === 0) return reject(invalidParameter('Task definitions cannot be empty.'));
  if (taskDefinitions.length > TASK_DEFINITIONS_DELETED_AT_ONCE_MAX) {
    return reject(invalidParameter(`taskDefinitions can have at most ${TASK_DEFINITIONS_DELETED_AT_ONCE_MAX} items.`));
  }
  const events: AccountEvent[] = [];
  const deleted: TaskDefinitionsDeletedAnswer['taskDefinitions'][number][] = [];
  const failures: TaskDefinitionsDeletedAnswer['failures'][number][] = [];
  const requested = new Set<string>();
  for (const { name, id } of taskDefinitions) {
    const reason = deletionFailure(state, id);
    if (typeof id === 'string' || reason !== null) {
      failures.push({ name, reason: reason ?? UNKNOWN_REVISION });
      continue;
    }
    const { family, revision } = id;
    const key = `${family}:${revision}`;
    const isNew = revisionOf(state, family, revision)?.status === 'INACTIVE' && !requested.has(key);
    if (isNew) events.push({ type: 'TaskDefinitionDeletionRequested', v: 1, family, revision });
    requested.add(key);
    deleted.push({ family, revision, previousStatus: isNew ? 'INACTIVE' : 'DELETE_IN_PROGRESS' });
  }
  return acceptWith({ taskDefinitions: deleted, failures } satisfies TaskDefinitionsDeletedAnswer, events);
}

function deletionFailure(state: AccountState, id: NamedTaskDefinition['id']): string | null {
  if (id === 'MALFORMED') return MALFORMED_NAME;
  const known = id === 'ELSEWHERE' ? undefined : revisionOf(state, id.family, id.revision);
  if (known === undefined) return UNKNOWN_REVISION;
  return known.status === 'ACTIVE' ? STILL_ACTIVE : null;
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
  return accept({ type: 'TaskDefinitionTagged', v: 1, family, revision, tags: tags.map(recordedTag) });
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
