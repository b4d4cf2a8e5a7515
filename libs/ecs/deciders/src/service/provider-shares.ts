import type { ClusterState, ServiceState, TaskState } from '../cluster-state.ts';
import { splitByStrategy } from '../shared/split-by-strategy.ts';
import { sharesOf } from '../task/launch.ts';

/** How many of `count` more tasks of the primary deployment each capacity provider gets, after those that it has. */
export function sharesByProvider(
  state: ClusterState,
  service: ServiceState,
  count: number,
): readonly { readonly count: number; readonly capacityProviderName?: string }[] {
  const strategy = service.spec.capacityProviderStrategy ?? [];
  // One provider gets all, whatever it has.
  const existing = strategy.length > 1 ? countByProvider(primaryTasks(state, service)) : undefined;
  return sharesOf({ strategy }, count, existing);
}

/**
 * How many of the tasks of a service each capacity provider has too many when only so many go on; null where there is
 * nothing to divide. What a provider has that has left the strategy is too many.
 */
export function excessByProvider(
  { spec }: ServiceState,
  tasks: readonly TaskState[],
  kept: number,
): Map<string, number> | null {
  const strategy = spec.capacityProviderStrategy ?? [];
  const excess = countByProvider(tasks);
  if (excess.size < 2) return null;
  for (const { capacityProvider, count } of splitByStrategy(strategy, kept)) {
    excess.set(capacityProvider, (excess.get(capacityProvider) ?? 0) - count);
  }
  return excess;
}

/** Tasks of the primary deployment that are to run. */
function primaryTasks(state: ClusterState, { taskIds, deployments }: ServiceState): readonly TaskState[] {
  const [primary] = deployments;
  return [...taskIds].flatMap((taskId) => {
    const task = state.tasks.get(taskId);
    const counts = task?.desiredStatus === 'RUNNING' && task.template.deploymentId === primary?.deploymentId;
    return counts ? [task] : [];
  });
}

function countByProvider(tasks: readonly TaskState[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { template } of tasks) {
    const name = template.capacityProviderName ?? '';
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
}
