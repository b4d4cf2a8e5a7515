import type { UpdateCluster } from '#libs/ecs/messages';
import { resolveDescribedCluster } from '#libs/ecs/views';
import { ok } from '#libs/kernel';
import { namedClusterFirst } from '../lookups.ts';
import { command, toCluster } from '../operation.ts';
import type { EcsOperation } from '../operation.ts';
import { clusterResource } from '../resources.ts';
import { clusterResponse, SHOWN } from './cluster-response.ts';

type Input = Omit<UpdateCluster, 'type'> & { readonly cluster: string };

export const updateCluster = updating('UpdateCluster');
/** Its members are some of UpdateCluster's, and it does the same with them. */
export const updateClusterSettings = updating('UpdateClusterSettings');

function updating(name: string): EcsOperation {
  return command<Input>(name, {
    resources: (views, input) => [clusterResource(views, input)],
    lookups: namedClusterFirst,
    plan: (views, { cluster, ...members }) => {
      const found = resolveDescribedCluster(views, cluster);
      if ('rejection' in found) return found;
      const { clusterName } = found.value;
      return ok({
        submit: toCluster(views, clusterName, { ...members, type: 'UpdateCluster' }),
        output: () => clusterResponse(views, clusterName, [...SHOWN, 'ATTACHMENTS']),
      });
    },
  });
}
