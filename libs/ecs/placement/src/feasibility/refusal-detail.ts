import type { CachedExpression } from '../query/expression-cache.ts';
import { REFUSAL_DETAIL_CHARACTERS_MAX } from '../refusals.ts';
import type { TaskDemand } from '../types.ts';

/** The required attributes that a host does not have, with the value where one is required. */
export function missingAttributesText(has: ReadonlyMap<string, string>, { requiresAttributes }: TaskDemand): string {
  const missing: string[] = [];
  for (const { name, value } of requiresAttributes) {
    const actual = has.get(name);
    if (actual === undefined) missing.push(value === undefined ? name : `${name}=${value}`);
    else if (value !== undefined && actual !== value) missing.push(`${name}=${value}`);
  }
  return cut(`missing ${missing.join(', ')}`);
}

/** Only an outside scheduler or StartTask name hosts that take no such tasks. */
export function missingLaunchTypeText(launchType: string): string {
  return cut(`missing the launch type ${launchType}`);
}

export function untrueText({ text }: CachedExpression): string {
  return cut(text === '' ? 'no expression' : text);
}

function cut(text: string): string {
  return text.length > REFUSAL_DETAIL_CHARACTERS_MAX ? `${text.slice(0, REFUSAL_DETAIL_CHARACTERS_MAX - 1)}…` : text;
}
