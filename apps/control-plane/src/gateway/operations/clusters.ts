import { arns } from '#libs/ecs/messages';
import type { CreateCluster, UpdateCluster } from '#libs/ecs/messages';
import { DEFAULT_CLUSTER_NAME, queries, resolveDescribedCluster } from '#libs/ecs/views';
import { invalidParameter } from '../api-problem.ts';
import type { Caller } from '../caller.ts';
import { operation } from '../operation.ts';
import type { OperationContext, OperationHandler } from '../operation.ts';
import { unwrap } from '../query.ts';

const CLUSTER_NAME = /^[A-Za-z0-9_-]{1,255}$/;

type CreateClusterInput = Omit<CreateCluster, 'type' | 'clusterName' | 'clusterArn'> & {
  readonly clusterName?: string;
};
type UpdateClusterInput = Omit<UpdateCluster, 'type'> & { readonly cluster: string };

/** What every one of these operations shows of the cluster; ECS shows tags only to those who have just given them. */
const SHOWN = ['SETTINGS', 'CONFIGURATIONS'];

function clusterOutput(clusterName: string, include: readonly string[], { views }: OperationContext) {
  return unwrap(queries.DescribeClusters(views, { clusters: [clusterName], include })).clusters[0];
}

/** How many clusters the account has. The model does not have it, but ECS sends it beside a cluster that came or went. */
function clusterCount({ views }: OperationContext): number {
  let count = 0;
  for (const { cluster } of views.clusters.values()) if (cluster?.status === 'ACTIVE') count += 1;
  return count;
}

async function createCluster(input: CreateClusterInput, caller: Caller, context: OperationContext): Promise<object> {
  const { clusterName = DEFAULT_CLUSTER_NAME, ...members } = input;
  if (!CLUSTER_NAME.test(clusterName)) {
    throw invalidParameter('Cluster name must be 1 to 255 letters, numbers, underscores and hyphens.');
  }
  const command: CreateCluster = {
    ...members,
    type: 'CreateCluster',
    clusterName,
    clusterArn: arns.cluster(context.locale, clusterName),
  };
  await context.commandCluster(clusterName, command, caller);
  const include = members.tags === undefined ? SHOWN : [...SHOWN, 'TAGS'];
  return { cluster: clusterOutput(clusterName, include, context), clusterCount: clusterCount(context) };
}

async function updateCluster(input: UpdateClusterInput, caller: Caller, context: OperationContext): Promise<object> {
  const { cluster, ...members } = input;
  const { clusterName } = unwrap(resolveDescribedCluster(context.views, cluster));
  await context.commandCluster(clusterName, { ...members, type: 'UpdateCluster' }, caller);
  return { cluster: clusterOutput(clusterName, [...SHOWN, 'ATTACHMENTS'], context) };
}

async function deleteCluster(input: { cluster: string }, caller: Caller, context: OperationContext): Promise<object> {
  const { clusterName, cluster } = unwrap(resolveDescribedCluster(context.views, input.cluster));
  // ECS shows the attachments, of which there are none, only to those who delete it once more.
  const include = cluster.status === 'ACTIVE' ? SHOWN : [...SHOWN, 'ATTACHMENTS'];
  await context.commandCluster(clusterName, { type: 'DeleteCluster' }, caller);
  return { cluster: clusterOutput(clusterName, include, context), clusterCount: clusterCount(context) };
}

export const clusterOperations: Readonly<Record<string, OperationHandler>> = {
  CreateCluster: operation(createCluster),
  UpdateCluster: operation(updateCluster),
  UpdateClusterSettings: operation(updateCluster),
  DeleteCluster: operation(deleteCluster),
};
