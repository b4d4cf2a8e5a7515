import type { Tag, TaskDefinitionOutput } from '#libs/ecs/messages';
import { taskDefinitionOutput } from '../output/task-definition.output.ts';
import type { AccountView, TaskDefinitionRecord } from '../view/account.view.ts';
import type { ViewDirectory } from '../view/view-directory.ts';
import { refuse, viewHalted } from './answer.ts';
import type { QueryResult } from './answer.ts';
import { nextTokenMember } from './describe.ts';
import type { Listed } from './describe.ts';
import { LIST_LIMITS, pageOf } from './paging.ts';
import type { PageInput } from './paging.ts';
import { findTaskDefinition } from './resolve-task-definition.ts';

export interface DescribeTaskDefinitionInput {
  readonly taskDefinition: string;
  readonly include?: readonly string[];
}

/**
 * A bare family is its newest ACTIVE revision; INACTIVE ones stay readable. Errors: ClientError for an unknown one, those
 * of the identifier.
 */
export function describeTaskDefinition(
  views: ViewDirectory,
  input: DescribeTaskDefinitionInput,
): QueryResult<{ readonly taskDefinition: TaskDefinitionOutput; readonly tags: readonly Tag[] }> {
  const found = findTaskDefinition(views, input.taskDefinition);
  if ('rejection' in found) return found;
  if (found.value === undefined) return refuse('ClientError', 'Unable to describe task definition.');
  const tags = input.include?.includes('TAGS') === true ? found.value.tags : [];
  return { value: { taskDefinition: taskDefinitionOutput(found.value), tags } };
}

export interface ListTaskDefinitionsInput extends PageInput {
  /** The whole family name, in spite of its name. */
  readonly familyPrefix?: string;
  readonly status?: string;
  /** ASC (default) or DESC. */
  readonly sort?: string;
}

/** By family in alphabetical order, then by revision; ACTIVE ones unless asked otherwise. */
export function listTaskDefinitions(
  views: ViewDirectory,
  input: ListTaskDefinitionsInput,
): QueryResult<Listed<'taskDefinitionArns'>> {
  const { account } = views;
  if (account.halted !== null) return viewHalted(account.halted);
  const descending = input.sort === 'DESC';
  const page = pageOf(input, {
    operation: 'ListTaskDefinitions',
    limits: LIST_LIMITS,
    items: taskDefinitionsInOrder(account, input, descending),
    keyOf: ({ taskDefinition }) => `${taskDefinition.family}:${taskDefinition.revision}`,
    behind: (key) => behindRevision(key, descending),
  });
  if ('rejection' in page) return page;
  const taskDefinitionArns = page.items.map((record) => record.taskDefinition.taskDefinitionArn);
  return { value: { taskDefinitionArns, ...nextTokenMember(page) } };
}

function* taskDefinitionsInOrder(
  account: AccountView,
  { familyPrefix, status = 'ACTIVE' }: ListTaskDefinitionsInput,
  descending: boolean,
): Iterable<TaskDefinitionRecord> {
  const names = familyPrefix === undefined ? account.familyNames : [familyPrefix];
  for (const name of descending ? names.toReversed() : names) {
    const revisions = account.families.get(name)?.revisions ?? [];
    for (const record of descending ? revisions.toReversed() : revisions) {
      if (record.status === status) yield record;
    }
  }
}

function behindRevision(key: string, descending: boolean): (record: TaskDefinitionRecord) => boolean {
  const colon = key.lastIndexOf(':');
  const family = key.slice(0, colon);
  const revision = Number(key.slice(colon + 1));
  return ({ taskDefinition }) => {
    if (taskDefinition.family !== family) return taskDefinition.family > family !== descending;
    return descending ? taskDefinition.revision < revision : taskDefinition.revision > revision;
  };
}

export interface ListTaskDefinitionFamiliesInput extends PageInput {
  readonly familyPrefix?: string;
  /** ACTIVE, INACTIVE or ALL (default). */
  readonly status?: string;
}

/** ACTIVE: families with an ACTIVE revision. INACTIVE: all others, also those whose revisions are all being deleted. */
export function listTaskDefinitionFamilies(
  views: ViewDirectory,
  input: ListTaskDefinitionFamiliesInput,
): QueryResult<Listed<'families'>> {
  const { account } = views;
  if (account.halted !== null) return viewHalted(account.halted);
  const { familyPrefix = '', status = 'ALL' } = input;
  const asked = (family: string): boolean => {
    if (!family.startsWith(familyPrefix)) return false;
    return status === 'ALL' || (status === 'ACTIVE') === (account.latestActive(family) !== undefined);
  };
  const page = pageOf(input, {
    operation: 'ListTaskDefinitionFamilies',
    limits: LIST_LIMITS,
    items: account.familyNames.filter(asked),
    keyOf: (family) => family,
    behind: (key) => (family) => family > key,
  });
  if ('rejection' in page) return page;
  return { value: { families: page.items, ...nextTokenMember(page) } };
}
