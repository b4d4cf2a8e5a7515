import { arns } from '#libs/ecs/messages';
import type { InstancesAnswer, UpdateContainerInstancesState } from '#libs/ecs/messages';
import { instanceIdIn, resolveCluster } from '#libs/ecs/views';
import { ok } from '#libs/kernel';
import { clusterFirst } from '../lookups.ts';
import { allOf } from '../all-of.ts';
import { command, toCluster } from '../operation.ts';
import { instanceResource } from '../resources.ts';
import type { InCluster } from '../resources.ts';
import { describedInstances } from './described-instances.ts';

interface Input extends InCluster {
  readonly containerInstances: readonly string[];
  readonly status: UpdateContainerInstancesState['status'];
}

export const updateContainerInstancesState = command<Input>('UpdateContainerInstancesState', {
  resources: (views, input) => input.containerInstances.map((text) => instanceResource(views, input, text)),
  lookups: clusterFirst,
  plan: (views, { cluster, containerInstances, status }) => {
    const where = resolveCluster(views, cluster);
    if ('rejection' in where) return where;
    const instanceIds = allOf(containerInstances, (text) => instanceIdIn(where.value, text));
    if ('rejection' in instanceIds) return instanceIds;
    const { clusterName } = where.value;
    return ok({
      submit: toCluster(views, clusterName, {
        type: 'UpdateContainerInstancesState',
        instanceIds: instanceIds.value,
        status,
      }),
      output: (answer: InstancesAnswer) => {
        const described = describedInstances(views, clusterName, answer.instanceIds);
        if ('rejection' in described) return described;
        const failures = answer.failures.map(({ instanceId, reason }) => ({
          arn: arns.containerInstance(views.locale, clusterName, instanceId),
          reason,
        }));
        return ok({ containerInstances: described.value, failures });
      },
    });
  },
});
