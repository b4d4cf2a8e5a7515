import { arns, FARGATE_CAPACITY_REASON, FARGATE_CAPACITY_TEXT } from '#libs/ecs/messages';
import type { TaskOutput, TasksAnswer } from '#libs/ecs/messages';
import { resolveCluster, startedTaskOutput } from '#libs/ecs/views';
import type { QueryResult, ViewDirectory } from '#libs/ecs/views';
import { ok } from '#libs/kernel';

/* What RunTask, StartTask and StopTask return differs from what DescribeTasks returns of the same task, as recorded. */

/** The response to RunTask and StartTask. */
export function tasksResponse(
  views: ViewDirectory,
  cluster: string,
  { taskIds, failures: refusals }: TasksAnswer,
): QueryResult<{ readonly tasks: readonly TaskOutput[]; readonly failures: readonly object[] }> {
  const failures = refusals.map(({ instanceId, reason, detail }) => ({
    ...(instanceId === null ? {} : { arn: arns.containerInstance(views.locale, cluster, instanceId) }),
    reason: reason === FARGATE_CAPACITY_REASON ? FARGATE_CAPACITY_TEXT : reason,
    ...(detail === undefined ? {} : { detail }),
  }));
  if (taskIds.length === 0) return ok({ tasks: [], failures });
  const where = resolveCluster(views, cluster);
  if ('rejection' in where) return where;
  const { view, cluster: record } = where.value;
  const tasks = taskIds.flatMap((id) => {
    const task = view.tasks.get(id);
    return task === undefined ? [] : [startedTaskOutput(record, task)];
  });
  return ok({ tasks, failures });
}

/** Only DescribeTasks shows health. */
function withoutHealth({ healthStatus: _health, containers = [], ...task }: TaskOutput): TaskOutput {
  return { ...task, containers: containers.map(({ healthStatus: _ofContainer, ...container }) => container) };
}

/** StopTask of a task that has stopped already returns little more than its end. */
export function stoppedTask(task: TaskOutput): TaskOutput {
  if (task.lastStatus !== 'STOPPED') return withoutHealth(task);
  const { healthStatus: _health, attributes: _attributes, ...others } = task;
  return {
    ...others,
    attachments: [],
    containers: [],
    overrides: { containerOverrides: [], inferenceAcceleratorOverrides: [] },
  };
}
