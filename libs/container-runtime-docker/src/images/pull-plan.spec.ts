import { expect, test } from '@jest/globals';
import { PULL_BEHAVIORS, planPull } from './pull-plan.ts';
import type { ImageSituation, PullPlan } from './pull-plan.ts';

const CACHED: ImageSituation = {
  behavior: 'default',
  isCached: true,
  isPinned: false,
  wasPulled: false,
  isRegistryDown: false,
};

test.each<[Partial<ImageSituation>, PullPlan]>([
  [{ behavior: 'default' }, 'pull-or-use-cached'],
  [{ behavior: 'default', wasPulled: true }, 'pull-or-use-cached'],
  [{ behavior: 'default', isRegistryDown: true }, 'use-cached'],
  [{ behavior: 'always' }, 'pull'],
  [{ behavior: 'always', isRegistryDown: true, wasPulled: true }, 'pull'],
  [{ behavior: 'once' }, 'pull'],
  [{ behavior: 'once', wasPulled: true }, 'use-cached'],
  [{ behavior: 'prefer-cached' }, 'use-cached'],
])('an image that is there, %j: %s', (situation, plan) => {
  expect(planPull({ ...CACHED, ...situation })).toBe(plan);
});

test.each(PULL_BEHAVIORS)(
  '%s: what is not there is pulled, and the digest that is wanted is used as it is',
  (behavior) => {
    expect(planPull({ ...CACHED, behavior, isCached: false, isRegistryDown: true, wasPulled: true })).toBe('pull');
    expect(planPull({ ...CACHED, behavior, isPinned: true })).toBe('use-cached');
  },
);
