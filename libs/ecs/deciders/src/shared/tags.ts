import type { Rejection, Tag } from '#libs/ecs/messages';
import { invalidParameter } from './rejections.ts';

/** Tags a resource; ECS managed tags do not count. */
export const TAGS_MAX = 50;
export const TAG_KEY_CHARACTERS_MAX = 128;
export const TAG_VALUE_CHARACTERS_MAX = 256;

const RESERVED_KEY = /^aws:/i;
const TAG_TEXT = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

/** Checks the tags of one request: number, lengths, characters, reserved and doubled keys. */
export function checkTags(tags: readonly Tag[] | undefined): Rejection | null {
  if (tags === undefined || tags.length === 0) return null;
  if (tags.length > TAGS_MAX) return tooManyTags();
  const seen = new Set<string>();
  for (const tag of tags) {
    // The model of ECS lets a request leave either of them out.
    const { key = '', value = null } = tag as Partial<Tag>;
    if (value === null) return invalidParameter('Tag value can not be null.');
    if (RESERVED_KEY.test(key)) return reservedTagKey();
    if (key.length === 0 || key.length > TAG_KEY_CHARACTERS_MAX || !TAG_TEXT.test(key)) {
      return invalidParameter(`Tag key must match a pattern and have 1 to ${TAG_KEY_CHARACTERS_MAX} characters.`);
    }
    if (value.length > TAG_VALUE_CHARACTERS_MAX || !TAG_TEXT.test(value)) {
      return invalidParameter(
        `Tag value must match a pattern and have at most ${TAG_VALUE_CHARACTERS_MAX} characters.`,
      );
    }
    if (seen.has(key)) return invalidParameter(`Duplicate tag keys found: ${key}.`);
    seen.add(key);
  }
  return null;
}

/** Checks what TagResource would make of a resource's tags. */
export function checkAddedTags(existing: readonly Tag[], added: readonly Tag[]): Rejection | null {
  const refused = checkTags(added);
  if (refused !== null) return refused;
  const own = mergeTags(existing, added).filter((tag) => !RESERVED_KEY.test(tag.key));
  return own.length > TAGS_MAX ? tooManyTags() : null;
}

/** Keys that UntagResource may take away: ECS managed tags cannot be edited. */
export function checkUntagKeys(tagKeys: readonly string[]): Rejection | null {
  return tagKeys.some((key) => RESERVED_KEY.test(key)) ? reservedTagKey() : null;
}

/** `added` wins where a key is in both; the order of first appearance stays. */
export function mergeTags(existing: readonly Tag[], added: readonly Tag[]): readonly Tag[] {
  if (added.length === 0) return existing;
  if (existing.length === 0) return added;
  const merged = new Map(existing.map((tag) => [tag.key, tag]));
  for (const tag of added) merged.set(tag.key, tag);
  return [...merged.values()];
}

/** The tags without these keys; missing keys are ignored, as ECS does. */
export function tagsWithout(existing: readonly Tag[], tagKeys: readonly string[]): readonly Tag[] {
  return existing.filter((tag) => !tagKeys.includes(tag.key));
}

/** Whether TagResource would change anything. */
export function addsNothing(existing: readonly Tag[], added: readonly Tag[]): boolean {
  return added.every((tag) => existing.some((other) => other.key === tag.key && other.value === tag.value));
}

/** Where the tags of a new task come from. */
export interface TaskTagSources {
  /** Tags of the RunTask request; they win. */
  readonly requested?: readonly Tag[] | undefined;
  /** Tags of the task definition or the service, if propagateTags asks for them. */
  readonly propagated?: readonly Tag[] | undefined;
  /** enableECSManagedTags. */
  readonly managed?: boolean | undefined;
  readonly clusterName: string;
  readonly serviceName?: string | undefined;
}

const NO_TAGS: readonly Tag[] = [];

export function taskTags(sources: TaskTagSources): readonly Tag[] {
  const { requested = NO_TAGS, propagated = NO_TAGS, managed = false, clusterName, serviceName } = sources;
  const own = mergeTags(propagated, requested);
  if (!managed) return own;
  const managedTags: Tag[] = [{ key: 'aws:ecs:clusterName', value: clusterName }];
  if (serviceName !== undefined) managedTags.push({ key: 'aws:ecs:serviceName', value: serviceName });
  return [...managedTags, ...own];
}

function tooManyTags(): Rejection {
  return invalidParameter(`The number of tags per resource exceeds the maximum of ${TAGS_MAX}.`);
}

function reservedTagKey(): Rejection {
  return invalidParameter('Tag keys that begin with aws: are reserved and cannot be added, changed or removed.');
}
