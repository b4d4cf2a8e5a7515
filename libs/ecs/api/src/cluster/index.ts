export { createCluster } from './create-cluster.ts';
export { deleteCluster } from './delete-cluster.ts';
export { describeClusters, listClusters } from './queries.ts';
export { updateCluster, updateClusterSettings } from './update-cluster.ts';
