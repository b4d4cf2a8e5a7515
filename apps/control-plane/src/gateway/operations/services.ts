import type { CreateService, UpdateService } from '#libs/contracts';
import { queries, resolveCluster, resolveService, resolveTaskDefinition } from '#libs/projections';
import { invalidParameter } from '../api-problem.ts';
import type { Caller } from '../caller.ts';
import { operation } from '../operation.ts';
import type { OperationContext, OperationHandler } from '../operation.ts';
import { unwrap } from '../query.ts';

type CreateServiceInput = Omit<CreateService, 'type' | 'resolved'> & {
  readonly cluster?: string;
  readonly taskDefinition?: string;
};
type UpdateServiceInput = Omit<UpdateService, 'type' | 'resolved' | 'serviceName'> & {
  readonly cluster?: string;
  readonly service: string;
  readonly taskDefinition?: string;
};

function serviceOutput(clusterName: string, serviceName: string, { views }: OperationContext): object {
  const { services } = unwrap(
    queries.DescribeServices(views, { cluster: clusterName, services: [serviceName], include: ['TAGS'] }),
  );
  return { service: services[0] };
}

async function createService(input: CreateServiceInput, caller: Caller, context: OperationContext): Promise<object> {
  const { cluster, taskDefinition, ...members } = input;
  const { clusterName } = unwrap(resolveCluster(context.views, cluster));
  if (taskDefinition === undefined) throw invalidParameter('TaskDefinition can not be blank.');
  const resolved = unwrap(resolveTaskDefinition(context.views, taskDefinition));
  await context.commandCluster(clusterName, { ...members, type: 'CreateService', resolved }, caller, input.clientToken);
  return serviceOutput(clusterName, input.serviceName, context);
}

async function updateService(input: UpdateServiceInput, caller: Caller, context: OperationContext): Promise<object> {
  const { cluster, service, taskDefinition, ...members } = input;
  const { clusterName } = unwrap(resolveCluster(context.views, cluster));
  const { serviceName } = unwrap(resolveService(context.views, clusterName, service));
  const resolved =
    taskDefinition === undefined ? undefined : unwrap(resolveTaskDefinition(context.views, taskDefinition));
  await context.commandCluster(
    clusterName,
    { ...members, type: 'UpdateService', serviceName, ...(resolved && { resolved }) },
    caller,
  );
  return serviceOutput(clusterName, serviceName, context);
}

async function deleteService(
  input: { cluster?: string; service: string; force?: boolean },
  caller: Caller,
  context: OperationContext,
): Promise<object> {
  const { clusterName } = unwrap(resolveCluster(context.views, input.cluster));
  const { serviceName } = unwrap(resolveService(context.views, clusterName, input.service));
  await context.commandCluster(
    clusterName,
    { type: 'DeleteService', serviceName, force: input.force ?? false },
    caller,
  );
  return serviceOutput(clusterName, serviceName, context);
}

export const serviceOperations: Readonly<Record<string, OperationHandler>> = {
  CreateService: operation(createService),
  UpdateService: operation(updateService),
  DeleteService: operation(deleteService),
};
