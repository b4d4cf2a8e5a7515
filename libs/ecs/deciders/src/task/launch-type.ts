import type { CapacityProviderStrategyItem, Rejection, TaskDefinition } from '#libs/ecs/messages';
import { checkStrategyInUse } from '../shared/capacity-providers.ts';
import { invalidParameter, unsupported } from '../shared/rejections.ts';

/** What hosts of this product can be: ECS's own instances, and hosts outside Amazon. */
const LAUNCH_TYPES = ['EC2', 'EXTERNAL'];

/** How a request wants its tasks launched. */
export interface Launch {
  readonly launchType: string | undefined;
  readonly capacityProviderStrategy: readonly CapacityProviderStrategyItem[] | undefined;
  /** The cluster's: it stands in where the request says nothing. */
  readonly defaultStrategy: readonly CapacityProviderStrategyItem[];
  /** What ECS answers this operation when both are given. */
  readonly bothText: string;
}

/**
 * Checks how tasks are to be launched: by one of the two ways, and by one that is served. Looked at before what depends on
 * it: a request for Fargate is refused for that, not for its public address or its platform version.
 */
export function checkLaunch(launch: Launch): Rejection | null {
  const { launchType, capacityProviderStrategy = [], defaultStrategy, bothText } = launch;
  if (launchType === undefined) {
    return checkStrategyInUse(capacityProviderStrategy.length > 0 ? capacityProviderStrategy : defaultStrategy);
  }
  if (capacityProviderStrategy.length > 0) return invalidParameter(bothText);
  return LAUNCH_TYPES.includes(launchType) ? null : unsupported(`The launch type ${launchType}`);
}

/** Checks that a task definition fits a launch type. */
export function checkCompatibility(taskDefinition: TaskDefinition, launchType: string | undefined): Rejection | null {
  if (launchType === undefined) return null;
  const compatibilities: readonly string[] = taskDefinition.compatibilities ?? LAUNCH_TYPES;
  if (compatibilities.includes(launchType)) return null;
  return invalidParameter(`Task definition does not support launch_type ${launchType}.`);
}
