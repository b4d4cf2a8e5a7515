import type { Tag, TaskDefinitionAnswer, TaskDefinitionInput, TaskDefinitionStatus } from '#libs/ecs/messages';
import { findTaskDefinitionToDelete, queries, resolveTaskDefinitionRevision } from '#libs/ecs/views';
import { invalidParameter } from '../api-problem.ts';
import type { Caller } from '../caller.ts';
import { operation } from '../operation.ts';
import type { OperationContext, OperationHandler } from '../operation.ts';
import { unwrap } from '../query.ts';

type RegisterInput = TaskDefinitionInput & { readonly tags?: readonly Tag[] };

function described(family: string, revision: number, { views }: OperationContext) {
  return unwrap(queries.DescribeTaskDefinition(views, { taskDefinition: `${family}:${revision}`, include: ['TAGS'] }));
}

async function register(input: RegisterInput, caller: Caller, context: OperationContext): Promise<object> {
  const { tags, ...definition } = input;
  const { family, revision } = await context.commandAccount<TaskDefinitionAnswer>(
    {
      type: 'RegisterTaskDefinition',
      region: context.locale.region,
      input: definition as TaskDefinitionInput,
      ...(tags && { tags }),
    },
    caller,
  );
  const { taskDefinition, tags: given } = described(family, revision, context);
  return given.length === 0 ? { taskDefinition } : { taskDefinition, tags: given };
}

async function deregister(
  input: { taskDefinition: string },
  caller: Caller,
  context: OperationContext,
): Promise<object> {
  const { family, revision } = unwrap(
    resolveTaskDefinitionRevision(context.views, input.taskDefinition),
  ).taskDefinition;
  const { previousStatus } = await context.commandAccount<{ previousStatus: TaskDefinitionStatus }>(
    { type: 'DeregisterTaskDefinition', family, revision },
    caller,
  );
  const { taskDefinition } = described(family, revision, context);
  // The call that deregisters does not return the time; a repeated one does.
  const time = previousStatus === 'ACTIVE' ? { deregisteredAt: undefined } : {};
  return { taskDefinition: { ...taskDefinition, ...time, previousStatus } };
}

const DELETE_TASK_DEFINITIONS_MAX = 10;
const STILL_ACTIVE =
  'The specified task definition is still in ACTIVE status. Please deregister the target and try again.';

/** Each one stands for itself: what cannot be deleted is a failure, under the name that the caller gave it. */
async function deleteMany(
  input: { taskDefinitions: readonly string[] },
  caller: Caller,
  context: OperationContext,
): Promise<object> {
  const { length } = input.taskDefinitions;
  if (length === 0 || length > DELETE_TASK_DEFINITIONS_MAX) {
    throw invalidParameter(`Between 1 and ${DELETE_TASK_DEFINITIONS_MAX} task definitions must be given.`);
  }
  const taskDefinitions: object[] = [];
  const failures: object[] = [];
  for (const arn of input.taskDefinitions) {
    const found = unwrap(findTaskDefinitionToDelete(context.views, arn));
    if ('failure' in found) failures.push({ arn, reason: found.failure });
    else if (found.status === 'ACTIVE') failures.push({ arn, reason: STILL_ACTIVE });
    else taskDefinitions.push(await deleteOne(found.taskDefinition, caller, context));
  }
  return { taskDefinitions, failures };
}

/** Deleting what is being deleted already is a success. */
async function deleteOne(
  { family, revision }: TaskDefinitionAnswer,
  caller: Caller,
  context: OperationContext,
): Promise<object> {
  const command = { type: 'DeleteTaskDefinitions', revisions: [{ family, revision }] } as const;
  const step = `${family}:${revision}`;
  const requested = await context.commandAccount<readonly TaskDefinitionAnswer[]>(command, caller, step);
  return {
    ...described(family, revision, context).taskDefinition,
    // DescribeTaskDefinition has the time of the request, this response has not.
    deleteRequestedAt: undefined,
    previousStatus: requested.length > 0 ? 'INACTIVE' : 'DELETE_IN_PROGRESS',
  };
}

export const taskDefinitionOperations: Readonly<Record<string, OperationHandler>> = {
  RegisterTaskDefinition: operation(register),
  DeregisterTaskDefinition: operation(deregister),
  DeleteTaskDefinitions: operation(deleteMany),
};
