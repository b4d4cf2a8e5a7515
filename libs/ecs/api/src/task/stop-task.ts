import { describeTasks, resolveCluster, taskIdIn } from '#libs/ecs/views';
import { ok } from '#libs/kernel';
import { clusterFirst } from '../lookups.ts';
import { command, toCluster } from '../operation.ts';
import { taskResource } from '../resources.ts';
import type { InCluster } from '../resources.ts';
import { stoppedTask } from './task-responses.ts';

interface Input extends InCluster {
  readonly task: string;
  readonly reason?: string;
}

export const stopTask = command<Input>('StopTask', {
  resources: (views, input) => [taskResource(views, input, input.task)],
  lookups: clusterFirst,
  plan: (views, { cluster, task, reason }) => {
    const where = resolveCluster(views, cluster);
    if ('rejection' in where) return where;
    const found = taskIdIn(where.value, task);
    if ('rejection' in found) return found;
    const { clusterName } = where.value;
    const taskId = found.value;
    return ok({
      submit: toCluster(views, clusterName, { type: 'StopTask', taskId, ...(reason === undefined ? {} : { reason }) }),
      output: () => {
        const described = describeTasks(views, { cluster: clusterName, tasks: [taskId] });
        if ('rejection' in described) return described;
        const [stopped] = described.value.tasks;
        return ok({ task: stopped && stoppedTask(stopped) });
      },
    });
  },
});
