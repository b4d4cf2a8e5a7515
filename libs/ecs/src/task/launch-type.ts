import type { Opaque, Rejection, TaskDefinition } from '#libs/contracts';
import { checkStrategyInUse } from '../shared/capacity-providers.ts';
import { invalidParameter, unsupported } from '../shared/rejections.ts';

/** What hosts of this product can be: ECS's own instances, and hosts outside Amazon. */
const LAUNCH_TYPES = ['EC2', 'EXTERNAL'];

/** How a request wants its tasks launched. */
export interface Launch {
  readonly launchType: string | undefined;
  readonly capacityProviderStrategy: readonly Opaque[] | undefined;
  /** The cluster's: it stands in where the request says nothing. */
  readonly defaultStrategy: readonly Opaque[];
  /** What ECS answers this operation when both are given. */
  readonly bothText: string;
}

/** Checks how tasks are to be launched: by a launch type that their task definition fits, or by a strategy. */
export function checkLaunch(taskDefinition: TaskDefinition, launch: Launch): Rejection | null {
  const { launchType, capacityProviderStrategy = [], defaultStrategy, bothText } = launch;
  if (launchType === undefined) {
    return checkStrategyInUse(capacityProviderStrategy.length > 0 ? capacityProviderStrategy : defaultStrategy);
  }
  return capacityProviderStrategy.length > 0 ? invalidParameter(bothText) : checkLaunchType(taskDefinition, launchType);
}

export function checkLaunchType(taskDefinition: TaskDefinition, launchType: string): Rejection | null {
  if (!LAUNCH_TYPES.includes(launchType)) return unsupported(`The launch type ${launchType}`);
  if (compatibilitiesOf(taskDefinition).includes(launchType)) return null;
  return invalidParameter(`Task definition does not support launch_type ${launchType}.`);
}

function compatibilitiesOf(taskDefinition: TaskDefinition): readonly unknown[] {
  const compatibilities = taskDefinition['compatibilities'];
  return Array.isArray(compatibilities) ? compatibilities : LAUNCH_TYPES;
}
