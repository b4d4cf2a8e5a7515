import { isPoolHost } from '#libs/ecs/messages';
import type { UnlistedHost } from '#libs/kernel';
import type { ViewDirectory } from '../view/view-directory.ts';

/** Of very many the first ones of each cluster: they answer whether hosts of the pool are there and work. */
const POOL_HOSTS_OF_A_CLUSTER_MAX = 100;

/** The hosts of the Fargate pools: no query of the API names them. */
export function poolHosts(views: ViewDirectory): readonly UnlistedHost[] {
  return [...views.clusters.values()].flatMap(({ cluster, instances }) => {
    const hosts = [...instances.values()].filter(
      ({ status, launchTypes }) => status !== 'INACTIVE' && isPoolHost(launchTypes),
    );
    return hosts.slice(0, POOL_HOSTS_OF_A_CLUSTER_MAX).map(({ instanceId, status, connected, counts }) => ({
      part: cluster?.clusterName ?? '',
      kind: 'FARGATE',
      id: instanceId,
      status,
      connected,
      runningTasks: counts.running,
    }));
  });
}
