import type { RecordedCapacityProviderStrategyItem } from '#libs/ecs/messages';

/** So many tasks for one capacity provider. */
export interface Share {
  readonly capacityProvider: string;
  readonly count: number;
}

/**
 * Divides tasks among the capacity providers of a strategy (Developer Guide, "Capacity provider strategies"): the base first, the
 * rest by weight. Each next task goes to the provider that has the least of what is due to it; the first one listed settles
 * ties. Providers that get none are left out.
 *
 * @param existing tasks that each provider has already, and that count; of the same service
 */
export function splitByStrategy(
  strategy: readonly RecordedCapacityProviderStrategyItem[],
  count: number,
  existing: ReadonlyMap<string, number> = new Map(),
): readonly Share[] {
  const slices = strategy.map(({ capacityProvider, weight = 0, base = 0 }) => {
    const before = existing.get(capacityProvider) ?? 0;
    return { capacityProvider, weight, base, tasks: before, count: 0 };
  });
  const weights = slices.reduce((sum, { weight }) => sum + weight, 0);
  for (let i = 0; i < count; i++) {
    const next = slices.find(({ base, tasks }) => tasks < base) ?? mostDue(slices, weights);
    if (next === undefined) break;
    next.tasks += 1;
    next.count += 1;
  }
  return slices
    .filter((slice) => slice.count > 0)
    .map(({ capacityProvider, count: some }) => ({ capacityProvider, count: some }));
}

interface Slice {
  readonly weight: number;
  readonly base: number;
  readonly tasks: number;
}

/** Of all tasks beyond the bases, the next one included: who lacks most of its share. */
function mostDue<Item extends Slice>(slices: readonly Item[], weights: number): Item | undefined {
  const beyond = 1 + slices.reduce((sum, { tasks, base }) => sum + Math.max(0, tasks - base), 0);
  let best: Item | undefined;
  let most = -Infinity;
  for (const slice of slices) {
    if (slice.weight === 0) continue;
    // Multiplied by the sum of weights, so that ties are ties and no matter of rounding.
    const due = slice.weight * beyond - Math.max(0, slice.tasks - slice.base) * weights;
    if (due > most) {
      best = slice;
      most = due;
    }
  }
  return best;
}
