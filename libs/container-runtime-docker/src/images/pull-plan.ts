/**
 * When an image is pulled that the host may have already (ECS_IMAGE_PULL_BEHAVIOR). `default`: always, and the image at
 * hand is used where that fails; `always`: always, or the container fails; `once`: unless this agent has pulled it before
 * and it is still there; `prefer-cached`: unless it is there.
 */
export const PULL_BEHAVIORS = ['default', 'always', 'once', 'prefer-cached'] as const;
export type PullBehavior = (typeof PULL_BEHAVIORS)[number];

/** What a container's image needs. */
export type PullPlan = 'use-cached' | 'pull' | 'pull-or-use-cached';

export interface ImageSituation {
  readonly behavior: PullBehavior;
  /** The host has an image of that name, or the very one that the deployment has settled on. */
  readonly isCached: boolean;
  /** By digest: every image of that digest is the same, so that there is nothing to look for. */
  readonly isPinned: boolean;
  /** This agent has pulled it before. */
  readonly wasPulled: boolean;
  /** Its registry could not be reached a moment ago. */
  readonly isRegistryDown: boolean;
}

export function planPull({ behavior, isCached, isPinned, wasPulled, isRegistryDown }: ImageSituation): PullPlan {
  if (!isCached) return 'pull';
  if (isPinned || behavior === 'prefer-cached') return 'use-cached';
  if (behavior === 'always') return 'pull';
  if (behavior === 'once') return wasPulled ? 'use-cached' : 'pull';
  return isRegistryDown ? 'use-cached' : 'pull-or-use-cached';
}
