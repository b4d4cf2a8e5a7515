import type { Tag } from '#libs/ecs/messages';

/** TagResource merges: a key that is there gets the new value and keeps its place. */
export function mergeTags(tags: readonly Tag[], added: readonly Tag[]): readonly Tag[] {
  const byKey = new Map(tags.map((tag) => [tag.key, tag]));
  for (const tag of added) byKey.set(tag.key, tag);
  return [...byKey.values()];
}

/** UntagResource ignores keys that are not there. */
export function withoutTags(tags: readonly Tag[], tagKeys: readonly string[]): readonly Tag[] {
  return tags.filter((tag) => !tagKeys.includes(tag.key));
}
