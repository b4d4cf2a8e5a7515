import { lastPathElement } from '#libs/ecs/messages';
import type { CapacityProviderStrategyItem, RecordedCapacityProviderStrategyItem, Rejection } from '#libs/ecs/messages';
import { invalidParameter } from './rejections.ts';

/** Providers that exist in every account; tasks on them are Fargate tasks. */
const RESERVED_PROVIDERS = ['FARGATE', 'FARGATE_SPOT'];

/** Providers of a cluster, and items of a strategy. */
const CAPACITY_PROVIDERS_MAX = 20;

const NO_WEIGHT = {
  text: 'There are no capacity providers with a weight value greater than zero defined in the',
  remedy: 'At least one capacity provider must have a weight value greater than zero specified.',
};

/** Checks the strategy of a request by itself. ECS's texts as far as they are known. */
export function checkStrategy(strategy: readonly CapacityProviderStrategyItem[]): Rejection | null {
  if (strategy.length > CAPACITY_PROVIDERS_MAX) {
    return invalidParameter(
      `The specified capacity provider strategy cannot contain more than ${CAPACITY_PROVIDERS_MAX} capacity providers.`,
    );
  }
  const names = strategy.map(providerOf);
  if (!names.every((name) => RESERVED_PROVIDERS.includes(name))) return providerNotFound();
  if (new Set(names).size < names.length) {
    return invalidParameter('The specified capacity provider strategy cannot contain a capacity provider twice.');
  }
  if (strategy.filter(({ base = 0 }) => base > 0).length > 1) {
    return invalidParameter(
      'The specified capacity provider strategy cannot contain more than one capacity provider with a base value.',
    );
  }
  if (strategy.length === 0 || hasWeight(strategy)) return null;
  return invalidParameter(
    `${NO_WEIGHT.text} capacity provider strategy. ${NO_WEIGHT.remedy} ` +
      'Specify a valid capacity provider strategy and try again.',
  );
}

/** Checks a strategy that tasks are to be launched by against the cluster that they are launched in. */
export function checkStrategyInUse(
  strategy: readonly CapacityProviderStrategyItem[],
  cluster: ClusterProviders,
): Rejection | null {
  if (strategy !== cluster.defaultCapacityProviderStrategy) return checkAssociated(strategy, cluster.capacityProviders);
  if (strategy.length === 0 || hasWeight(strategy)) return null;
  return invalidParameter(
    `${NO_WEIGHT.text} default capacity provider strategy. ${NO_WEIGHT.remedy} Update the cluster's default capacity ` +
      'provider strategy or specify a valid capacity provider strategy and try again.',
  );
}

/** What a cluster says of capacity providers. */
export interface ClusterProviders {
  readonly capacityProviders: readonly string[];
  readonly defaultCapacityProviderStrategy: readonly RecordedCapacityProviderStrategyItem[];
}

/** Checks what a cluster is to list: providers that exist, and a default strategy of those. */
export function checkClusterProviders(
  providers: readonly string[] = [],
  defaultStrategy: readonly CapacityProviderStrategyItem[] = [],
): Rejection | null {
  if (Math.max(providers.length, defaultStrategy.length) > CAPACITY_PROVIDERS_MAX) {
    return invalidParameter(`A cluster can have at most ${CAPACITY_PROVIDERS_MAX} capacity providers.`);
  }
  if (!providers.map(lastPathElement).every((name) => RESERVED_PROVIDERS.includes(name))) return providerNotFound();
  return checkAssociated(defaultStrategy, providers);
}

/** A strategy as it is stored and described: with the numbers that were left out. */
export function normalStrategy(
  strategy: readonly CapacityProviderStrategyItem[],
): readonly RecordedCapacityProviderStrategyItem[] {
  return strategy.map(({ capacityProvider, weight = 0, base = 0 }) => ({ capacityProvider, weight, base }));
}

/** The same with the providers' names alone, where ARNs were given. */
export function strategyByName(
  strategy: readonly CapacityProviderStrategyItem[],
): readonly RecordedCapacityProviderStrategyItem[] {
  return normalStrategy(strategy).map((item) => ({ ...item, capacityProvider: providerOf(item) }));
}

function checkAssociated(
  strategy: readonly CapacityProviderStrategyItem[],
  providers: readonly string[],
): Rejection | null {
  const names = providers.map(lastPathElement);
  if (strategy.every((item) => names.includes(providerOf(item)))) return null;
  return invalidParameter(
    'The specified capacity provider strategy cannot contain a capacity provider that is not associated with the cluster. ' +
      'Associate the capacity provider with the cluster and try again.',
  );
}

/** A provider without a weight gets its base and nothing more, so that a strategy of those alone would end somewhere. */
function hasWeight(strategy: readonly CapacityProviderStrategyItem[]): boolean {
  return strategy.some(({ weight = 0 }) => weight > 0);
}

function providerOf({ capacityProvider }: CapacityProviderStrategyItem): string {
  return lastPathElement(capacityProvider);
}

function providerNotFound(): Rejection {
  return invalidParameter('The specified capacity provider was not found. Specify a valid name or ARN and try again.');
}
