import type { RunTask, TasksAnswer } from '#libs/ecs/messages';
import { resolveCluster, resolveTaskDefinition } from '#libs/ecs/views';
import { ok } from '#libs/kernel';
import { taskDefinitionFirst } from '../lookups.ts';
import { command, toCluster } from '../operation.ts';
import { taskDefinitionResource } from '../resources.ts';
import type { InCluster } from '../resources.ts';
import { requestHashMember } from '../sent-request.ts';
import { tasksResponse } from './task-responses.ts';

interface Input extends InCluster, Omit<RunTask, 'type' | 'resolved' | 'count' | 'requestHash'> {
  readonly taskDefinition: string;
  readonly count?: number;
}

export const runTask = command<Input>('RunTask', {
  resources: (views, { taskDefinition }) => [taskDefinitionResource(views, taskDefinition)],
  lookups: taskDefinitionFirst,
  plan: (views, { cluster, taskDefinition, count = 1, ...members }, caller) => {
    // In the order of ECS: an unknown task definition is answered even before an unknown cluster.
    const resolved = resolveTaskDefinition(views, taskDefinition);
    if ('rejection' in resolved) return resolved;
    const where = resolveCluster(views, cluster);
    if ('rejection' in where) return where;
    const { clusterName } = where.value;
    return ok({
      submit: toCluster(
        views,
        clusterName,
        {
          ...members,
          ...requestHashMember('RunTask', members, caller),
          type: 'RunTask',
          resolved: resolved.value,
          count,
        },
        members.clientToken,
      ),
      output: (answer: TasksAnswer) => tasksResponse(views, clusterName, answer),
    });
  },
});
