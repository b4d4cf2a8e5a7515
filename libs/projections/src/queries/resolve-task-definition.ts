import { parseArn } from '#libs/contracts';
import type { Locale, ResolvedTaskDefinition } from '#libs/contracts';
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

const NAME = /^([A-Za-z0-9_-]+)(?::(\d{1,9}))?$/;

/** Reads a task definition's name, or undefined when the text is none of ours. */
export function parseTaskDefinitionIdentifier(locale: Locale, text: string): TaskDefinitionIdentifier | undefined {
  let name = text;
  if (text.startsWith('arn:')) {
    const parsed = parseArn(text);
    if (parsed?.resourceType !== 'task-definition') return undefined;
    if (parsed.account !== locale.account || parsed.region !== locale.region) return undefined;
    name = parsed.path.join('/');
  }
  const match = NAME.exec(name);
  if (match === null) return undefined;
  const [, family = '', revision] = match;
  return { family, revision: revision === undefined ? null : Number(revision) };
}

/** The record of a name, whatever its status; undefined when there is none. Errors: ViewHalted. */
export function findTaskDefinition(views: ViewDirectory, text: string): QueryResult<TaskDefinitionRecord | undefined> {
  const { account } = views;
  if (account.halted !== null) return viewHalted(account.halted);
  const name = parseTaskDefinitionIdentifier(views.locale, text);
  if (name === undefined) return { output: undefined };
  const { family, revision } = name;
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
 * The one revision that Deregister and Delete are about, whatever its status. Errors: ClientError for a bare family and
 * for an unknown revision, ViewHalted.
 */
export function resolveTaskDefinitionRevision(views: ViewDirectory, text: string): QueryResult<TaskDefinitionRecord> {
  if (parseTaskDefinitionIdentifier(views.locale, text)?.revision === null) {
    return refuse('ClientError', 'Revision is missing.');
  }
  const found = findTaskDefinition(views, text);
  if ('error' in found) return found;
  if (found.output === undefined) return refuse('ClientError', 'The specified task definition does not exist.');
  return { output: found.output };
}
