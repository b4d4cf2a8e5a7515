import { resolveDescribedCluster } from '#libs/ecs/views';
import { ok } from '#libs/kernel';
import { namedClusterFirst } from '../lookups.ts';
import { command, toCluster } from '../operation.ts';
import { clusterResource } from '../resources.ts';
import { clusterCount, clusterResponse, SHOWN } from './cluster-response.ts';

export const deleteCluster = command<{ readonly cluster: string }>('DeleteCluster', {
  resources: (views, input) => [clusterResource(views, input)],
  lookups: namedClusterFirst,
  plan: (views, input) => {
    const found = resolveDescribedCluster(views, input.cluster);
    if ('rejection' in found) return found;
    const { clusterName, cluster } = found.value;
    // ECS shows the attachments, of which there are none, only when a cluster is deleted once more.
    const include = cluster.status === 'ACTIVE' ? SHOWN : [...SHOWN, 'ATTACHMENTS'];
    return ok({
      submit: toCluster(views, clusterName, { type: 'DeleteCluster' }),
      output: () => clusterResponse(views, clusterName, include, clusterCount(views)),
    });
  },
});
