import type { PlacementStrategy } from '#libs/ecs/messages';
import type { AttributeIndexes, AttributeValues } from '../engine/attribute-values.ts';

/**
 * Without a strategy tasks are spread over availability zones, then over instances with the fewest tasks of the group: for
 * services as ECS documents it, and for RunTask alike, where ECS only says that it is similar.
 */
export const DEFAULT_STRATEGY: readonly PlacementStrategy[] = [
  { type: 'spread', field: 'attribute:ecs.availability-zone' },
  { type: 'spread', field: 'instanceId' },
];

/**
 * How Fargate tasks are placed, whose requests have no say in it: over availability zones, then where they leave the least
 * memory unused, then the least CPU. Task sizes are few and fit into each other, so that hosts fill up well.
 */
export const FARGATE_STRATEGY: readonly PlacementStrategy[] = [
  { type: 'spread', field: 'attribute:ecs.availability-zone' },
  { type: 'binpack', field: 'memory' },
  { type: 'binpack', field: 'cpu' },
];

/** One strategy, ready to be applied. */
export type Step =
  | { readonly kind: 'random' }
  | { readonly kind: 'spread-hosts' }
  | { readonly kind: 'spread-values'; readonly values: AttributeValues }
  | { readonly kind: 'binpack'; readonly resource: 'cpu' | 'memory' };

const ATTRIBUTE_PREFIX = 'attribute:';

/** Strategies are best effort: one that we do not know narrows nothing. Fields are compared without case, as clients write both. */
export function stepsOf(strategy: readonly PlacementStrategy[], indexes: AttributeIndexes): readonly Step[] {
  const steps: Step[] = [];
  for (const { type, field = '' } of strategy.length === 0 ? DEFAULT_STRATEGY : strategy) {
    if (type === 'random') steps.push({ kind: 'random' });
    else if (type === 'spread' && field.startsWith(ATTRIBUTE_PREFIX)) {
      steps.push({ kind: 'spread-values', values: indexes.of(field.slice(ATTRIBUTE_PREFIX.length)) });
    } else if (type === 'spread' && /^(?:instanceId|host)$/i.test(field)) steps.push({ kind: 'spread-hosts' });
    else if (type === 'binpack' && /^cpu$/i.test(field)) steps.push({ kind: 'binpack', resource: 'cpu' });
    else if (type === 'binpack' && /^memory$/i.test(field)) steps.push({ kind: 'binpack', resource: 'memory' });
  }
  return steps;
}
