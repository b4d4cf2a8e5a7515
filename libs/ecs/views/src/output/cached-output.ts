import type { Opaque, Tag } from '#libs/ecs/messages';
import type { CachedOutput } from '../view/records.ts';
import { ObjectMembers } from './members.ts';
import type { Members } from './members.ts';
import { keepText } from './wire.ts';

/**
 * The wire object of an entity with its tags or with none, built at the first question after a change. ECS shows tags
 * only when asked to (`include: ["TAGS"]`). Without it the list is `empty`, or of some kinds of things `absent`.
 */
export function cachedOutput(
  entity: { readonly cached: CachedOutput; readonly tags: readonly Tag[] },
  withTags: boolean,
  withoutInclude: 'empty' | 'absent',
  write: (to: Members) => void,
): Opaque {
  const { cached, tags } = entity;
  if (cached.plain === null) {
    const members = new ObjectMembers();
    write(members);
    if (withoutInclude === 'empty') members.value('tags', []);
    cached.plain = keepText(members.draft);
  }
  if (!withTags || (withoutInclude === 'empty' && tags.length === 0)) return cached.plain;
  cached.tagged ??= keepText({ ...cached.plain, tags });
  return cached.tagged;
}
