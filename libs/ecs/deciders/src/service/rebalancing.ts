import type { Rejection, ServiceSpec } from '#libs/ecs/messages';
import { invalidParameter } from '../shared/rejections.ts';

const ZONE = 'attribute:ecs.availability-zone';
/** With no more than this, no task can be started in one zone before another one is stopped elsewhere. */
const MAXIMUM_PERCENT_TOO_LOW = 100;

/**
 * Whether a new service that says nothing has Availability Zone rebalancing: wherever ECS supports it (Developer Guide,
 * "Balancing an Amazon ECS service across Availability Zones").
 */
export function defaultRebalancing(spec: Omit<ServiceSpec, 'availabilityZoneRebalancing'>): 'ENABLED' | 'DISABLED' {
  const [first] = spec.placementStrategy;
  const spreads = first === undefined || (first.type === 'spread' && first.field === ZONE);
  const isBound = spec.placementConstraints.some(({ expression = '' }) => expression.includes(ZONE));
  const isEligible = spec.launchType !== 'EXTERNAL' && spreads && !isBound && canStartBeforeStop(spec);
  return isEligible ? 'ENABLED' : 'DISABLED';
}

/** `done` says what could not be done to the service: "created" or "updated". */
export function checkRebalancing(spec: ServiceSpec, done: string): Rejection | null {
  if (spec.availabilityZoneRebalancing !== 'ENABLED' || canStartBeforeStop(spec)) return null;
  return invalidParameter(
    `The service couldn't be ${done} because Availability Zone Rebalancing does not support maximumPercent <= 100 % as ` +
      'deployment configuration. Update deployment configuration and try again.',
  );
}

function canStartBeforeStop({ deploymentConfiguration }: Pick<ServiceSpec, 'deploymentConfiguration'>): boolean {
  return deploymentConfiguration.maximumPercent > MAXIMUM_PERCENT_TOO_LOW;
}
