import { familiarReference } from './image-reference.ts';
import type { PulledImage } from './image-ledger.ts';

export interface CleanupRules {
  /** Since an image was last wanted or in use (ECS_IMAGE_MINIMUM_CLEANUP_AGE); ms. */
  readonly minimumAgeMs: number;
  /** ECS_NUM_IMAGES_DELETE_PER_CYCLE. */
  readonly imagesPerCycleMax: number;
  /** References that stay, whatever their age. */
  readonly excluded: readonly string[];
}

/**
 * The images that may go, least recently used first.
 *
 * @param images those that this agent has pulled
 * @param inUse ids of images that a container has, in whatever state it is
 * @param now ms since the epoch
 */
export function imagesToRemove(
  images: readonly PulledImage[],
  inUse: ReadonlySet<string>,
  { minimumAgeMs, imagesPerCycleMax, excluded }: CleanupRules,
  now: number,
): readonly PulledImage[] {
  const kept = new Set(excluded.map(familiarReference));
  return images
    .filter(({ id, references, lastUsedAt }) => {
      const isExcluded = references.some((reference) => kept.has(reference));
      return !inUse.has(id) && !isExcluded && now - lastUsedAt >= minimumAgeMs;
    })
    .toSorted((a, b) => a.lastUsedAt - b.lastUsedAt)
    .slice(0, imagesPerCycleMax);
}
