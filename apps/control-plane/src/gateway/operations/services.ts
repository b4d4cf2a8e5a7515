import type { CreateService, Rejection, UpdateService } from '#libs/ecs/messages';
import { checkCreateServiceRequest, checkUpdateServiceRequest } from '#libs/ecs/deciders';
import { deletedServiceOutput, queries, resolveCluster, resolveService, resolveTaskDefinition } from '#libs/ecs/views';
import { invalidParameter, rejected } from '../api-problem.ts';
import type { Caller } from '../caller.ts';
import { operation } from '../operation.ts';
import { sentRequestHash } from '../sent-request-hash.ts';
import type { OperationContext, OperationHandler } from '../operation.ts';
import { unwrap } from '../query.ts';

type CreateServiceInput = Omit<CreateService, 'type' | 'resolved' | 'requestHash'> & {
  readonly cluster?: string;
  readonly taskDefinition?: string;
};
type UpdateServiceInput = Omit<UpdateService, 'type' | 'resolved' | 'serviceName'> & {
  readonly cluster?: string;
  readonly service: string;
  readonly taskDefinition?: string;
};

function described(clusterName: string, serviceName: string, include: readonly string[], context: OperationContext) {
  const input = { cluster: clusterName, services: [serviceName], include };
  const [service = {}] = unwrap(queries.DescribeServices(context.views, input)).services;
  return service;
}

/** ECS looks at the request before it looks for the task definition. */
function refuse(rejection: Rejection | null): void {
  if (rejection !== null) throw rejected(rejection);
}

async function createService(input: CreateServiceInput, caller: Caller, context: OperationContext): Promise<object> {
  const { cluster, taskDefinition, ...members } = input;
  const { clusterName } = unwrap(resolveCluster(context.views, cluster));
  refuse(checkCreateServiceRequest(members));
  if (taskDefinition === undefined) throw invalidParameter('TaskDefinition can not be blank.');
  const resolved = unwrap(resolveTaskDefinition(context.views, taskDefinition));
  const { clientToken } = members;
  await context.commandCluster(
    clusterName,
    {
      ...members,
      ...(clientToken !== undefined && { requestHash: sentRequestHash('CreateService', caller.body, ['tags']) }),
      type: 'CreateService',
      resolved,
    },
    caller,
    clientToken,
  );
  const include = members.tags === undefined || members.tags.length === 0 ? [] : ['TAGS'];
  // The controller has begun by now; ECS's response to the creation shows no message of it.
  return { service: { ...described(clusterName, input.serviceName, include, context), events: [] } };
}

async function updateService(input: UpdateServiceInput, caller: Caller, context: OperationContext): Promise<object> {
  const { cluster, service, taskDefinition, ...members } = input;
  const { clusterName } = unwrap(resolveCluster(context.views, cluster));
  const { serviceName } = unwrap(resolveService(context.views, clusterName, service));
  refuse(checkUpdateServiceRequest({ ...members, serviceName }));
  const resolved =
    taskDefinition === undefined ? undefined : unwrap(resolveTaskDefinition(context.views, taskDefinition));
  await context.commandCluster(
    clusterName,
    { ...members, type: 'UpdateService', serviceName, ...(resolved && { resolved }) },
    caller,
  );
  return { service: described(clusterName, serviceName, [], context) };
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
  return { service: deletedServiceOutput(described(clusterName, serviceName, [], context)) };
}

export const serviceOperations: Readonly<Record<string, OperationHandler>> = {
  CreateService: operation(createService),
  UpdateService: operation(updateService),
  DeleteService: operation(deleteService),
};
