import type { Opaque } from '#libs/ecs/messages';

/* What RunTask, StartTask and StopTask return differs from what DescribeTasks returns of the same task, as recorded. */

/** Only DescribeTasks shows health. A replayed RunTask is no different. */
export function withoutHealth(task: Opaque): Opaque {
  return { ...task, healthStatus: undefined, containers: containersOf(task).map(withoutHealthStatus) };
}

/** StopTask of a task that has stopped already returns little more than its end. */
export function stoppedTask(task: Opaque): Opaque {
  if (task['lastStatus'] !== 'STOPPED') return withoutHealth(task);
  return {
    ...task,
    healthStatus: undefined,
    attributes: undefined,
    attachments: [],
    containers: [],
    overrides: { containerOverrides: [], inferenceAcceleratorOverrides: [] },
  };
}

function containersOf({ containers }: Opaque): readonly Opaque[] {
  return Array.isArray(containers) ? (containers as readonly Opaque[]) : [];
}

function withoutHealthStatus(container: Opaque): Opaque {
  return { ...container, healthStatus: undefined };
}
