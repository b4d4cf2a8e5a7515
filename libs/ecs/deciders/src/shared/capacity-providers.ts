import { lastPathElement } from '#libs/ecs/messages';
import type { CapacityProviderStrategyItem, Rejection } from '#libs/ecs/messages';
import { invalidParameter, unsupported } from './rejections.ts';

/** Providers that exist in every account. A cluster may list them; tasks on them are not served yet. */
const RESERVED_PROVIDERS = ['FARGATE', 'FARGATE_SPOT'];

/** Providers of a cluster, and items of a strategy. */
const CAPACITY_PROVIDERS_MAX = 20;

/** Checks a strategy that tasks are to be placed by: of the request, or the cluster's default. */
export function checkStrategyInUse(strategy: readonly CapacityProviderStrategyItem[]): Rejection | null {
  for (const provider of strategy.map(providerOf)) {
    return RESERVED_PROVIDERS.includes(provider)
      ? unsupported(`The capacity provider ${provider}`)
      : providerNotFound();
  }
  return null;
}

/** Checks what a cluster is to list: providers that exist, and a default strategy of those. */
export function checkClusterProviders(
  providers: readonly string[] = [],
  defaultStrategy: readonly CapacityProviderStrategyItem[] = [],
): Rejection | null {
  if (Math.max(providers.length, defaultStrategy.length) > CAPACITY_PROVIDERS_MAX) {
    return invalidParameter(`A cluster can have at most ${CAPACITY_PROVIDERS_MAX} capacity providers.`);
  }
  const names = providers.map(lastPathElement);
  if (!names.every((name) => RESERVED_PROVIDERS.includes(name))) return providerNotFound();
  if (defaultStrategy.every((item) => names.includes(providerOf(item)))) return null;
  return invalidParameter(
    'The specified capacity provider strategy cannot contain a capacity provider that is not associated with the cluster. ' +
      'Associate the capacity provider with the cluster and try again.',
  );
}

/** A strategy as it is stored and described: with the numbers that were left out. */
export function normalStrategy(
  strategy: readonly CapacityProviderStrategyItem[],
): readonly CapacityProviderStrategyItem[] {
  return strategy.map(({ weight, base, ...item }) => ({ ...item, weight: weight ?? 0, base: base ?? 0 }));
}

function providerOf({ capacityProvider }: CapacityProviderStrategyItem): string {
  return lastPathElement(capacityProvider);
}

function providerNotFound(): Rejection {
  return invalidParameter('The specified capacity provider was not found. Specify a valid name or ARN and try again.');
}
