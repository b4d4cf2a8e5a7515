import { arns } from '#libs/contracts';
import type { CreateCluster, UpdateCluster } from '#libs/contracts';
import { DEFAULT_CLUSTER_NAME, queries, resolveCluster } from '#libs/projections';
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

function clusterOutput(clusterName: string, { views }: OperationContext): object {
  const { clusters } = unwrap(
    queries.DescribeClusters(views, { clusters: [clusterName], include: ['SETTINGS', 'CONFIGURATIONS', 'TAGS'] }),
  );
  return { cluster: clusters[0] };
}

async function createCluster(input: CreateClusterInput, caller: Caller, context: OperationContext): Promise<object> {
  const { clusterName = DEFAULT_CLUSTER_NAME, ...rest } = input;
  if (!CLUSTER_NAME.test(clusterName)) {
    throw invalidParameter('Cluster name must be 1 to 255 letters, numbers, underscores and hyphens.');
  }
  const { settings, configuration, capacityProviders, defaultCapacityProviderStrategy, serviceConnectDefaults, tags } =
    rest;
  const command: CreateCluster = {
    type: 'CreateCluster',
    clusterName,
    clusterArn: arns.cluster(context.locale, clusterName),
    ...(settings && { settings }),
    ...(configuration && { configuration }),
    ...(capacityProviders && { capacityProviders }),
    ...(defaultCapacityProviderStrategy && { defaultCapacityProviderStrategy }),
    ...(serviceConnectDefaults && { serviceConnectDefaults }),
    ...(tags && { tags }),
  };
  await context.commandCluster(clusterName, command, caller);
  return clusterOutput(clusterName, context);
}

async function updateCluster(input: UpdateClusterInput, caller: Caller, context: OperationContext): Promise<object> {
  const { clusterName } = unwrap(resolveCluster(context.views, input.cluster));
  const { settings, configuration, serviceConnectDefaults } = input;
  await context.commandCluster(
    clusterName,
    {
      type: 'UpdateCluster',
      ...(settings && { settings }),
      ...(configuration && { configuration }),
      ...(serviceConnectDefaults && { serviceConnectDefaults }),
    },
    caller,
  );
  return clusterOutput(clusterName, context);
}

async function deleteCluster(input: { cluster: string }, caller: Caller, context: OperationContext): Promise<object> {
  const { clusterName } = unwrap(resolveCluster(context.views, input.cluster));
  await context.commandCluster(clusterName, { type: 'DeleteCluster' }, caller);
  return clusterOutput(clusterName, context);
}

export const clusterOperations: Readonly<Record<string, OperationHandler>> = {
  CreateCluster: operation(createCluster),
  UpdateCluster: operation(updateCluster),
  UpdateClusterSettings: operation(updateCluster),
  DeleteCluster: operation(deleteCluster),
};
