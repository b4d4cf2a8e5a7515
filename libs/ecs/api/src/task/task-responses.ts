import { arns } from '#libs/ecs/messages';
import type { Opaque, TasksAnswer } from '#libs/ecs/messages';
import { describeTasks } from '#libs/ecs/views';
import type { QueryResult, ViewDirectory } from '#libs/ecs/views';
import { ok } from '#libs/kernel';

/* What RunTask, StartTask and StopTask return differs from what DescribeTasks returns of the same task, as recorded. */

/** The response to RunTask and StartTask. */
export function tasksResponse(
  views: ViewDirectory,
  cluster: string,
  { taskIds, failures: refusals }: TasksAnswer,
): QueryResult<{ readonly tasks: readonly Opaque[]; readonly failures: readonly object[] }> {
  const failures = refusals.map(({ instanceId, reason, detail }) => ({
    ...(instanceId === null ? {} : { arn: arns.containerInstance(views.locale, cluster, instanceId) }),
    reason,
    ...(detail === undefined ? {} : { detail }),
  }));
  if (taskIds.length === 0) return ok({ tasks: [], failures });
  const described = describeTasks(views, { cluster, tasks: taskIds, include: ['TAGS'] });
  if ('rejection' in described) return described;
  return ok({ tasks: described.value.tasks.map(withoutHealth), failures });
}

/** Only DescribeTasks shows health. A replayed RunTask is no different. */
function withoutHealth(task: Opaque): Opaque {
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
