import { describeHost, instanceIdIn, resolveCluster } from '#libs/ecs/views';
import { ok } from '#libs/kernel';
import { clusterFirst } from '../lookups.ts';
import { command, toCluster } from '../operation.ts';
import { clusterResource } from '../resources.ts';
import type { InCluster } from '../resources.ts';

interface Input extends InCluster {
  readonly containerInstance: string;
  readonly force?: boolean;
}

export const deregisterContainerInstance = command<Input>('DeregisterContainerInstance', {
  resources: (views, input) => [clusterResource(views, input)],
  lookups: clusterFirst,
  plan: (views, { cluster, containerInstance, force = false }) => {
    const where = resolveCluster(views, cluster);
    if ('rejection' in where) return where;
    const instanceId = instanceIdIn(where.value, containerInstance);
    if ('rejection' in instanceId) return instanceId;
    const { clusterName } = where.value;
    return ok({
      submit: toCluster(views, clusterName, {
        type: 'DeregisterContainerInstance',
        instanceId: instanceId.value,
        force,
      }),
      output: () => {
        const described = describeHost(views, clusterName, instanceId.value);
        return 'rejection' in described ? described : ok({ containerInstance: described.value });
      },
    });
  },
});
