import type { PlacementStrategy } from '#libs/ecs/messages';
import { FARGATE_STRATEGY } from '#libs/ecs/placement';

/** How tasks of a template or of a service are ranked: Fargate has a way of its own, which no request can change. */
export function placementStrategyOf({
  launchType,
  placementStrategy,
}: {
  readonly launchType: string;
  readonly placementStrategy: readonly PlacementStrategy[];
}): readonly PlacementStrategy[] {
  return launchType === 'FARGATE' ? FARGATE_STRATEGY : placementStrategy;
}
