import type { Tag } from '#libs/ecs/messages';
import type { CachedOutput } from '../view/records.ts';
import { ObjectMembers } from './members.ts';
import type { Members } from './members.ts';
import { keepText } from './wire.ts';

/**
 * The wire object of an entity with its tags or with none, built at the first question after a change. ECS shows tags
 * only when asked to (`include: ["TAGS"]`). Without it the list is `empty`, or of some kinds of things `absent`.
 */
export function cachedOutput<Output extends { readonly tags?: readonly unknown[] }>(
  entity: { readonly cached: CachedOutput<Output>; readonly tags: readonly Tag[] },
  withTags: boolean,
  withoutInclude: 'empty' | 'absent',
  write: (to: Members) => void,
): Output {
  const { cached, tags } = entity;
  if (cached.plain === null) {
    const members = new ObjectMembers();
    write(members);
    if (withoutInclude === 'empty') members.value('tags', []);
    // The members are the model's; tests compare the object with it.
    cached.plain = keepText(members.draft as Output);
  }
  if (!withTags || (withoutInclude === 'empty' && tags.length === 0)) return cached.plain;
  cached.tagged ??= keepText({ ...cached.plain, tags });
  return cached.tagged;
}
