import { arns } from '#libs/ecs/messages';
import type { Attribute } from '#libs/ecs/messages';
import { queries, resolveCluster, resolveInstance } from '#libs/ecs/views';
import { invalidParameter, rejected } from '../api-problem.ts';
import type { Caller } from '../caller.ts';
import { operation } from '../operation.ts';
import type { OperationContext, OperationHandler } from '../operation.ts';
import { unwrap } from '../query.ts';

const INSTANCES_PER_CALL_MAX = 10;

type AttributesInput = {
  readonly cluster?: string;
  readonly attributes: readonly (Attribute & { readonly targetType?: string; readonly targetId?: string })[];
};

function described(clusterName: string, instanceIds: readonly string[], { views }: OperationContext) {
  return unwrap(
    queries.DescribeContainerInstances(views, {
      cluster: clusterName,
      containerInstances: instanceIds,
      include: ['TAGS'],
    }),
  );
}

async function deregister(
  input: { cluster?: string; containerInstance: string; force?: boolean },
  caller: Caller,
  context: OperationContext,
): Promise<object> {
  const { clusterName } = unwrap(resolveCluster(context.views, input.cluster));
  const { instanceId, exists } = unwrap(resolveInstance(context.views, clusterName, input.containerInstance));
  if (!exists)
    throw rejected({ code: 'InvalidParameter', message: `Referenced container instance ${instanceId} not found.` });
  await context.commandCluster(
    clusterName,
    { type: 'DeregisterContainerInstance', instanceId, force: input.force ?? false },
    caller,
  );
  return { containerInstance: described(clusterName, [instanceId], context).containerInstances[0] };
}

async function updateState(
  input: { cluster?: string; containerInstances: readonly string[]; status: string },
  caller: Caller,
  context: OperationContext,
): Promise<object> {
  const { clusterName } = unwrap(resolveCluster(context.views, input.cluster));
  const { containerInstances, status } = input;
  if (status !== 'ACTIVE' && status !== 'DRAINING') {
    throw invalidParameter('Container instance status should be one of [ACTIVE,DRAINING]');
  }
  if (containerInstances.length === 0) throw invalidParameter('Container Instances cannot be empty.');
  if (containerInstances.length > INSTANCES_PER_CALL_MAX) {
    throw invalidParameter(`Container instances can have at most ${INSTANCES_PER_CALL_MAX} items.`);
  }
  const found = containerInstances.map((text) => unwrap(resolveInstance(context.views, clusterName, text)));
  const failures = found
    .filter(({ exists, active }) => !exists || !active)
    .map(({ instanceId, exists }) => ({
      arn: arns.containerInstance(context.locale, clusterName, instanceId),
      reason: exists ? 'INACTIVE' : 'MISSING',
    }));
  const instanceIds = found.filter(({ exists, active }) => exists && active).map(({ instanceId }) => instanceId);
  if (instanceIds.length === 0) return { containerInstances: [], failures };
  await context.commandCluster(clusterName, { type: 'UpdateContainerInstancesState', instanceIds, status }, caller);
  return { containerInstances: described(clusterName, instanceIds, context).containerInstances, failures };
}

function changeAttributes(type: 'PutAttributes' | 'DeleteAttributes') {
  return async (input: AttributesInput, caller: Caller, context: OperationContext): Promise<object> => {
    const { clusterName } = unwrap(resolveCluster(context.views, input.cluster));
    const attributes = input.attributes.map(({ name, value, targetType, targetId }) => {
      if (targetId === undefined) throw invalidParameter('A targetId must be specified for each attribute.');
      if (targetType !== undefined && targetType !== 'container-instance') {
        throw invalidParameter('The targetType must be container-instance.');
      }
      const { instanceId } = unwrap(resolveInstance(context.views, clusterName, targetId));
      return { name, ...(value !== undefined && { value }), instanceId };
    });
    await context.commandCluster(clusterName, { type, attributes }, caller);
    return {
      attributes: attributes.map(({ instanceId, ...attribute }) => ({
        ...attribute,
        targetId: arns.containerInstance(context.locale, clusterName, instanceId),
      })),
    };
  };
}

export const containerInstanceOperations: Readonly<Record<string, OperationHandler>> = {
  DeregisterContainerInstance: operation(deregister),
  UpdateContainerInstancesState: operation(updateState),
  PutAttributes: operation(changeAttributes('PutAttributes')),
  DeleteAttributes: operation(changeAttributes('DeleteAttributes')),
};
