import { DEFAULT_CLUSTER_NAME, describeClusters as describe, listClusters as list } from '#libs/ecs/views';
import { query, rejected } from '../operation.ts';
import type { Lookups } from '../operation.ts';
import { clusterResource } from '../resources.ts';

/** ECS does not get to a bad value where none of the clusters is there. */
const onlyMissingClusters: Lookups = ({ clusters }, views) => {
  const described = describe(views, Array.isArray(clusters) ? { clusters: clusters.map(String) } : {});
  if ('rejection' in described) return rejected(described.rejection);
  return described.value.clusters.length === 0 ? { kind: 'answer', output: described.value } : null;
};

export const describeClusters = query('DescribeClusters', {
  resources: (views, { clusters = [] }) =>
    (clusters.length === 0 ? [DEFAULT_CLUSTER_NAME] : clusters).map((cluster) => clusterResource(views, { cluster })),
  lookups: onlyMissingClusters,
  answer: describe,
});

export const listClusters = query('ListClusters', { answer: list });
