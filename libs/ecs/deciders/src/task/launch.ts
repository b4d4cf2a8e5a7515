import type {
  CapacityProviderStrategyItem,
  RecordedCapacityProviderStrategyItem,
  Rejection,
  TaskDefinition,
} from '#libs/ecs/messages';
import { HOST_LAUNCH_TYPES } from '#libs/ecs/messages';
import { checkStrategy, checkStrategyInUse, strategyByName } from '../shared/capacity-providers.ts';
import type { ClusterProviders } from '../shared/capacity-providers.ts';
import { splitByStrategy } from '../shared/split-by-strategy.ts';
import { invalidParameter, unsupported } from '../shared/rejections.ts';

/** Those that are served. */
const LAUNCH_TYPES: readonly string[] = HOST_LAUNCH_TYPES;

/** How a request wants its tasks launched: by one of the two, or by neither. */
export interface LaunchRequest {
  readonly launchType?: string;
  readonly capacityProviderStrategy?: readonly CapacityProviderStrategyItem[];
}

/** How tasks are launched. */
export interface Launch {
  readonly launchType: string;
  /** Empty: by the launch type alone. */
  readonly strategy: readonly RecordedCapacityProviderStrategyItem[];
}

/**
 * Checks by itself how tasks are to be launched: by one of the two ways, and by one that is served. Looked at before what
 * depends on it. `bothText` is what ECS says to this operation when both are given.
 */
export function checkLaunch(
  { launchType, capacityProviderStrategy = [] }: LaunchRequest,
  bothText: string,
): Rejection | null {
  if (launchType === undefined) return checkStrategy(capacityProviderStrategy);
  if (capacityProviderStrategy.length > 0) return invalidParameter(bothText);
  return LAUNCH_TYPES.includes(launchType) ? null : unsupported(`The launch type ${launchType}`);
}

/** Checks the strategy that a request comes to in its cluster. */
export function checkLaunchIn(request: LaunchRequest, cluster: ClusterProviders): Rejection | null {
  return checkStrategyInUse(strategyOf(request, cluster), cluster);
}

/** What a checked request comes to: where it says nothing, the cluster's default strategy stands in, else EC2. */
export function launchOf(request: LaunchRequest, cluster: ClusterProviders): Launch {
  const strategy = strategyByName(strategyOf(request, cluster));
  return { launchType: strategy.length > 0 ? 'FARGATE' : (request.launchType ?? 'EC2'), strategy };
}

function strategyOf(
  { launchType, capacityProviderStrategy = [] }: LaunchRequest,
  { defaultCapacityProviderStrategy }: ClusterProviders,
): readonly CapacityProviderStrategyItem[] {
  const saysNothing = launchType === undefined && capacityProviderStrategy.length === 0;
  return saysNothing ? defaultCapacityProviderStrategy : capacityProviderStrategy;
}

/** How many tasks each capacity provider gets; all of them where there is no strategy. */
export function sharesOf(
  { strategy }: Pick<Launch, 'strategy'>,
  count: number,
  existing?: ReadonlyMap<string, number>,
): readonly { readonly count: number; readonly capacityProviderName?: string }[] {
  if (strategy.length === 0) return [{ count }];
  return splitByStrategy(strategy, count, existing).map(({ capacityProvider, count: share }) => ({
    count: share,
    capacityProviderName: capacityProvider,
  }));
}

/** Checks that a task definition fits a launch type. One that names none says EC2 to all, as in ECS. */
export function checkCompatibility(taskDefinition: TaskDefinition, launchType: string | undefined): Rejection | null {
  if (launchType === undefined) return null;
  const compatibilities: readonly string[] = taskDefinition.compatibilities ?? ['EC2', 'EXTERNAL'];
  if (compatibilities.includes(launchType)) return null;
  return invalidParameter(`Task definition does not support launch_type ${launchType}.`);
}
