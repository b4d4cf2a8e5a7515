import { containerOf, newContainer } from './known.ts';
import type { KnownContainer, KnownTask } from './known.ts';
import type { InventoryItem } from './step.ts';

/** How a list of the host differs from what is known. A list is never believed: what differs is inspected. */
export interface InventoryFindings {
  /** Containers that we did not know, marked uncertain. */
  readonly strangers: readonly { readonly taskId: string; readonly container: KnownContainer }[];
  /** Known containers that stand otherwise than we thought. */
  readonly changed: readonly { readonly taskId: string; readonly containerName: string }[];
}

export function compareInventory(
  items: readonly InventoryItem[],
  recordOf: (taskId: string) => { readonly known: KnownTask; readonly stepId: number } | undefined,
): InventoryFindings {
  const strangers: { taskId: string; container: KnownContainer }[] = [];
  const changed: { taskId: string; containerName: string }[] = [];
  for (const { taskId, containerName, runtimeId, phase, healthStatus } of items) {
    const record = recordOf(taskId);
    const container = record === undefined ? undefined : containerOf(record.known, containerName);
    if (container === undefined) {
      strangers.push({ taskId, container: { ...newContainer(containerName), runtimeId, phase, uncertain: true } });
    } else if (container.runtimeId === null) {
      // Most likely its creation is in flight right now and its answer will say the same.
      if (record?.stepId !== 0) continue;
      Object.assign(container, { runtimeId, uncertain: true, removed: false });
      changed.push({ taskId, containerName });
    } else if (container.runtimeId === runtimeId && container.phase !== 'STOPPED') {
      // The event of a changed health may be lost like any other.
      const hasOtherHealth = healthStatus !== undefined && healthStatus !== container.healthStatus;
      if (container.phase !== phase || hasOtherHealth) changed.push({ taskId, containerName });
    }
  }
  return { strangers, changed };
}
