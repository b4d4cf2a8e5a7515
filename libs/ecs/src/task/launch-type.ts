import type { Opaque, Rejection, TaskDefinition } from '#libs/contracts';
import { invalidParameter } from '../shared/rejections.ts';

/** What hosts of this product can be: ECS's own instances, and hosts outside Amazon. */
const LAUNCH_TYPES = ['EC2', 'EXTERNAL'];

/**
 * Checks how tasks are to be launched: launchType and capacityProviderStrategy exclude one another; the task definition
 * must be fit for the launch type. No capacity provider exists here, so none can be named.
 */
export function checkLaunch(
  taskDefinition: TaskDefinition,
  launchType: string | undefined,
  capacityProviderStrategy: readonly Opaque[] | undefined,
): Rejection | null {
  if (capacityProviderStrategy !== undefined && capacityProviderStrategy.length > 0) {
    return launchType === undefined
      ? invalidParameter('The specified capacity provider was not found. Specify a valid name or ARN and try again.')
      : invalidParameter(
          'Specifying both a launch type and capacity provider strategy is not supported. Remove one and try again.',
        );
  }
  if (launchType === undefined) return null;
  const fits = compatibilitiesOf(taskDefinition).includes(launchType);
  if (!LAUNCH_TYPES.includes(launchType) || !fits) {
    return invalidParameter(`Task definition does not support launch_type ${launchType}.`);
  }
  return null;
}

function compatibilitiesOf(taskDefinition: TaskDefinition): readonly unknown[] {
  const compatibilities = taskDefinition['compatibilities'];
  return Array.isArray(compatibilities) ? compatibilities : LAUNCH_TYPES;
}
