import { arns } from '#libs/ecs/messages';
import type { SettingOutput } from '#libs/ecs/messages';
import { ok } from '#libs/kernel';
import type { ViewDirectory } from '../view/view-directory.ts';
import { invalidParameter } from './answer.ts';
import type { QueryResult } from './answer.ts';
import { nextTokenMember } from './describe.ts';
import type { Listed } from './describe.ts';
import { pageOf } from './paging.ts';
import type { PageInput, PageLimits } from './paging.ts';

const LIST_SETTINGS_LIMITS: PageLimits = { maxResultsMax: 10, maxResultsDefault: 10 };

/** In effect for every principal, by name. Settings that concern only Fargate are left out. */
const EFFECTIVE: readonly (SettingOutput & { readonly name: string })[] = [
  { name: 'awsvpcTrunking', value: 'disabled', type: 'user' },
  { name: 'containerInsights', value: 'disabled', type: 'user' },
  { name: 'containerInstanceLongArnFormat', value: 'enabled', type: 'user' },
  // Containers log as the engine of their host does by default.
  { name: 'defaultLogDriverMode', value: 'blocking', type: 'user' },
  { name: 'guardDutyActivate', value: 'off', type: 'aws_managed' },
  { name: 'serviceLongArnFormat', value: 'enabled', type: 'user' },
  { name: 'tagResourceAuthorization', value: 'off', type: 'user' },
  { name: 'taskLongArnFormat', value: 'enabled', type: 'user' },
];

export interface ListAccountSettingsInput extends PageInput {
  readonly name?: string;
  readonly value?: string;
  /** Nothing is set for a single principal: all have the account's. */
  readonly principalArn?: string;
  readonly effectiveSettings?: boolean;
}

/** Settings that were put, of which there are none; with `effectiveSettings` those in effect, as the root user's. */
export function listAccountSettings(
  { locale }: ViewDirectory,
  input: ListAccountSettingsInput,
): QueryResult<Listed<'settings', SettingOutput>> {
  const { name, value, effectiveSettings = false } = input;
  if (value !== undefined && name === undefined) {
    return invalidParameter('You must specify an account setting name to filter by value.');
  }
  const page = pageOf(input, {
    operation: 'ListAccountSettings',
    limits: LIST_SETTINGS_LIMITS,
    items: effectiveSettings ? EFFECTIVE : [],
    filter: (setting) =>
      (name === undefined || setting.name === name) && (value === undefined || setting.value === value),
    keyOf: (setting) => setting.name,
    behind: (key) => (setting) => setting.name > key,
  });
  if ('rejection' in page) return page;
  const principalArn = arns.root(locale);
  return ok({ settings: page.items.map((setting) => ({ ...setting, principalArn })), ...nextTokenMember(page) });
}
