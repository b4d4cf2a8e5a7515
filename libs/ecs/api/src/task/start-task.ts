import type { StartTask, TasksAnswer } from '#libs/ecs/messages';
import { instanceIdIn, resolveCluster, resolveTaskDefinition } from '#libs/ecs/views';
import { ok } from '#libs/kernel';
import { allOf } from '../all-of.ts';
import { taskDefinitionFirst } from '../lookups.ts';
import { command, toCluster } from '../operation.ts';
import { taskDefinitionResource } from '../resources.ts';
import type { InCluster } from '../resources.ts';
import { requestHashMember } from '../sent-request.ts';
import { tasksResponse } from './task-responses.ts';

interface Input extends InCluster, Omit<StartTask, 'type' | 'resolved' | 'instanceIds' | 'requestHash'> {
  readonly taskDefinition: string;
  readonly containerInstances: readonly string[];
}

export const startTask = command<Input>('StartTask', {
  resources: (views, { taskDefinition }) => [taskDefinitionResource(views, taskDefinition)],
  lookups: taskDefinitionFirst,
  plan: (views, { cluster, taskDefinition, containerInstances, ...members }, caller) => {
    const resolved = resolveTaskDefinition(views, taskDefinition);
    if ('rejection' in resolved) return resolved;
    const where = resolveCluster(views, cluster);
    if ('rejection' in where) return where;
    const instanceIds = allOf(containerInstances, (text) => instanceIdIn(where.value, text));
    if ('rejection' in instanceIds) return instanceIds;
    const { clusterName } = where.value;
    return ok({
      submit: toCluster(
        views,
        clusterName,
        {
          ...members,
          ...requestHashMember('StartTask', members, caller),
          type: 'StartTask',
          resolved: resolved.value,
          instanceIds: instanceIds.value,
        },
        members.clientToken,
      ),
      output: (answer: TasksAnswer) => tasksResponse(views, clusterName, answer),
    });
  },
});
