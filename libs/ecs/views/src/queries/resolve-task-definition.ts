import { isName, parseArn } from '#libs/ecs/messages';
import type { NamedTaskDefinition, ResolvedTaskDefinition } from '#libs/ecs/messages';
import { ok } from '#libs/kernel';
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

const REVISION = /^\d{1,9}$/;

/**
 * Reads a task definition's name; undefined when it is an ARN of something else, or of another account or region. Errors:
 * ClientError for characters that no family has, InvalidParameter for a revision that is not a number.
 */
export function parseTaskDefinitionIdentifier(
  locale: Locale,
  text: string,
): QueryResult<TaskDefinitionIdentifier | undefined> {
  let name = text;
  if (text.startsWith('arn:')) {
    const parsed = parseArn(text);
    if (parsed?.resourceType !== 'task-definition') return { value: undefined };
    if (parsed.account !== locale.account || parsed.region !== locale.region) return { value: undefined };
    name = parsed.path.join('/');
  }
  const colon = name.indexOf(':');
  const family = colon === -1 ? name : name.slice(0, colon);
  if (!isName(family)) return refuse('ClientError', 'Family contains invalid characters.');
  if (colon === -1) return { value: { family, revision: null } };
  const revision = name.slice(colon + 1);
  if (!REVISION.test(revision)) return invalidParameter('Invalid task definition: Invalid revision number.');
  return { value: { family, revision: Number(revision) } };
}

/** The record of a name, whatever its status; undefined when there is none. Errors: those of its parsing, ViewHalted. */
export function findTaskDefinition(views: ViewDirectory, text: string): QueryResult<TaskDefinitionRecord | undefined> {
  const { account } = views;
  if (account.halted !== null) return viewHalted(account.halted);
  const name = parseTaskDefinitionIdentifier(views.locale, text);
  if ('rejection' in name) return name;
  if (name.value === undefined) return { value: undefined };
  const { family, revision } = name.value;
  return { value: revision === null ? account.latestActive(family) : account.taskDefinition(family, revision) };
}

/**
 * The revision that tasks and services are made of: a bare family is its newest ACTIVE one. Errors: ClientError for an
 * unknown one, InvalidParameter for one that is INACTIVE or being deleted, ViewHalted.
 */
export function resolveTaskDefinition(views: ViewDirectory, text: string): QueryResult<ResolvedTaskDefinition> {
  const found = findTaskDefinition(views, text);
  if ('rejection' in found) return found;
  const record = found.value;
  if (record === undefined) return refuse('ClientError', 'TaskDefinition not found.');
  if (record.status === 'INACTIVE') return invalidParameter('TaskDefinition is inactive');
  if (record.status === 'DELETE_IN_PROGRESS') return invalidParameter('TaskDefinition is being deleted');
  return { value: { taskDefinition: record.taskDefinition, tags: record.tags } };
}

/**
 * The one revision that DeregisterTaskDefinition is about, whatever its status. Errors: InvalidParameter for a bare family,
 * ClientError for an unknown revision, those of its parsing, ViewHalted.
 */
export function resolveTaskDefinitionRevision(views: ViewDirectory, text: string): QueryResult<TaskDefinitionRecord> {
  const name = parseTaskDefinitionIdentifier(views.locale, text);
  if ('rejection' in name) return name;
  if (name.value?.revision === null) return invalidParameter('Revision is missing');
  const found = findTaskDefinition(views, text);
  if ('rejection' in found) return found;
  if (found.value === undefined) return refuse('ClientError', 'Unable to deregister task definition.');
  return { value: found.value };
}

/** The revisions that DeleteTaskDefinitions names, one by one; what is wrong with one of them is the decider's to say. */
export function readTaskDefinitionNames(
  { locale, account }: ViewDirectory,
  texts: readonly string[],
): QueryResult<readonly NamedTaskDefinition[]> {
  if (account.halted !== null) return viewHalted(account.halted);
  return ok(texts.map((name) => ({ name, id: revisionIn(locale, name) })));
}

function revisionIn(locale: Locale, text: string): NamedTaskDefinition['id'] {
  const parsed = parseTaskDefinitionIdentifier(locale, text);
  if ('rejection' in parsed || parsed.value?.revision === null) return 'MALFORMED';
  if (parsed.value === undefined) return 'ELSEWHERE';
  const { family, revision } = parsed.value;
  return { family, revision };
}
