import { arns, checkClusterName } from '#libs/ecs/messages';
import type { CreateCluster } from '#libs/ecs/messages';
import { DEFAULT_CLUSTER_NAME } from '#libs/ecs/views';
import { ok } from '#libs/kernel';
import { command, toCluster } from '../operation.ts';
import { clusterResource } from '../resources.ts';
import { clusterCount, clusterResponse, SHOWN } from './cluster-response.ts';

type Input = Omit<CreateCluster, 'type' | 'clusterName' | 'clusterArn'> & { readonly clusterName?: string };

export const createCluster = command<Input>('CreateCluster', {
  resources: (views, { clusterName = DEFAULT_CLUSTER_NAME }) => [clusterResource(views, { cluster: clusterName })],
  plan: (views, { clusterName = DEFAULT_CLUSTER_NAME, ...members }) => {
    const rejection = checkClusterName(clusterName);
    if (rejection !== null) return { rejection };
    const clusterArn = arns.cluster(views.locale, clusterName);
    const include = members.tags === undefined ? SHOWN : [...SHOWN, 'TAGS'];
    return ok({
      submit: toCluster(views, clusterName, { ...members, type: 'CreateCluster', clusterName, clusterArn }),
      output: () => clusterResponse(views, clusterName, include, clusterCount(views)),
    });
  },
});
