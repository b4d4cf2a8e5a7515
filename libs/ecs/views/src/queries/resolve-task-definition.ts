import { parseArn } from '#libs/ecs/messages';
import type { ResolvedTaskDefinition } from '#libs/ecs/messages';
import type { Locale } from '#libs/kernel';
import type { TaskDefinitionRecord } from '../view/account.view.ts';
import type { ViewDirectory } from '../view/view-directory.ts';
import { invalidParameter, refuse, viewHalted } from './answer.ts';
import type { QueryResult } from './answer.ts';

/** A task definition as callers name it: `family`, `family:7` or an ARN. */
export interface TaskDefinitionIdentifier {
  readonly family: string;
  /** null: the newest ACTIVE one. */
  readonly revision: number | null;
}

const FAMILY = /^[A-Za-z0-9_-]{1,255}$/;
const REVISION = /^\d{1,9}$/;

/**
 * Reads a task definition's name; undefined when it is an ARN of something else, or of another account or region. Errors:
 * ClientError for characters that no family has, InvalidParameter for a revision that is no number.
 */
export function parseTaskDefinitionIdentifier(
  locale: Locale,
  text: string,
): QueryResult<TaskDefinitionIdentifier | undefined> {
  let name = text;
  if (text.startsWith('arn:')) {
    const parsed = parseArn(text);
    if (parsed?.resourceType !== 'task-definition') return { output: undefined };
    if (parsed.account !== locale.account || parsed.region !== locale.region) return { output: undefined };
    name = parsed.path.join('/');
  }
  const colon = name.indexOf(':');
  const family = colon === -1 ? name : name.slice(0, colon);
  if (!FAMILY.test(family)) return refuse('ClientError', 'Family contains invalid characters.');
  if (colon === -1) return { output: { family, revision: null } };
  const revision = name.slice(colon + 1);
  if (!REVISION.test(revision)) return invalidParameter('Invalid task definition: Invalid revision number.');
  return { output: { family, revision: Number(revision) } };
}

/** The record of a name, whatever its status; undefined when there is none. Errors: those of its parsing, ViewHalted. */
export function findTaskDefinition(views: ViewDirectory, text: string): QueryResult<TaskDefinitionRecord | undefined> {
  const { account } = views;
  if (account.halted !== null) return viewHalted(account.halted);
  const name = parseTaskDefinitionIdentifier(views.locale, text);
  if ('error' in name) return name;
  if (name.output === undefined) return { output: undefined };
  const { family, revision } = name.output;
  return { output: revision === null ? account.latestActive(family) : account.taskDefinition(family, revision) };
}

/**
 * The revision that tasks and services are made of: a bare family is its newest ACTIVE one. Errors: ClientError for an
 * unknown one, InvalidParameter for one that is INACTIVE or being deleted, ViewHalted.
 */
export function resolveTaskDefinition(views: ViewDirectory, text: string): QueryResult<ResolvedTaskDefinition> {
  const found = findTaskDefinition(views, text);
  if ('error' in found) return found;
  const record = found.output;
  if (record === undefined) return refuse('ClientError', 'TaskDefinition not found.');
  if (record.status === 'INACTIVE') return invalidParameter('TaskDefinition is inactive');
  if (record.status === 'DELETE_IN_PROGRESS') return invalidParameter('TaskDefinition is being deleted');
  return { output: { taskDefinition: record.taskDefinition, tags: record.tags } };
}

/**
 * The one revision that DeregisterTaskDefinition is about, whatever its status. Errors: InvalidParameter for a bare family,
 * ClientError for an unknown revision, those of its parsing, ViewHalted.
 */
export function resolveTaskDefinitionRevision(views: ViewDirectory, text: string): QueryResult<TaskDefinitionRecord> {
  const name = parseTaskDefinitionIdentifier(views.locale, text);
  if ('error' in name) return name;
  if (name.output?.revision === null) return invalidParameter('Revision is missing');
  const found = findTaskDefinition(views, text);
  if ('error' in found) return found;
  if (found.output === undefined) return refuse('ClientError', 'Unable to deregister task definition.');
  return { output: found.output };
}

/** Why one of the revisions that DeleteTaskDefinitions names is not there. */
type DeletionFailure = { readonly failure: string };

const INVALID_IDENTIFIER =
  'The specified task definition identifier is invalid. Specify a valid name or ARN and try again.';
const UNKNOWN_REVISION =
  'The specified task definition does not exist. Specify a valid account, family, revision and try again.';

/** One of the revisions that DeleteTaskDefinitions names, or the reason of its failure. Errors: ViewHalted. */
export function findTaskDefinitionToDelete(
  views: ViewDirectory,
  text: string,
): QueryResult<TaskDefinitionRecord | DeletionFailure> {
  const name = parseTaskDefinitionIdentifier(views.locale, text);
  if ('error' in name || name.output?.revision === null) return { output: { failure: INVALID_IDENTIFIER } };
  const found = findTaskDefinition(views, text);
  return 'error' in found ? found : { output: found.output ?? { failure: UNKNOWN_REVISION } };
}
