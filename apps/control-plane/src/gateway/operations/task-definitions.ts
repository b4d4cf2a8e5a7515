import type { Tag, TaskDefinitionAnswer, TaskDefinitionInput } from '#libs/contracts';
import { queries, resolveTaskDefinitionRevision } from '#libs/projections';
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
  return described(family, revision, context);
}

async function deregister(
  input: { taskDefinition: string },
  caller: Caller,
  context: OperationContext,
): Promise<object> {
  const { family, revision } = unwrap(
    resolveTaskDefinitionRevision(context.views, input.taskDefinition),
  ).taskDefinition;
  await context.commandAccount({ type: 'DeregisterTaskDefinition', family, revision }, caller);
  // Only RegisterTaskDefinition answers the tags as well.
  return { taskDefinition: described(family, revision, context).taskDefinition };
}

const DELETE_TASK_DEFINITIONS_MAX = 10;

/** Each one stands for itself: what cannot be deleted is a failure, not an error. */
async function deleteMany(
  input: { taskDefinitions: readonly string[] },
  caller: Caller,
  context: OperationContext,
): Promise<object> {
  const { length } = input.taskDefinitions;
  if (length === 0 || length > DELETE_TASK_DEFINITIONS_MAX) {
    throw invalidParameter(`Between 1 and ${DELETE_TASK_DEFINITIONS_MAX} task definitions must be given.`);
  }
  const taskDefinitions: unknown[] = [];
  const failures: object[] = [];
  for (const identifier of input.taskDefinitions) {
    const found = resolveTaskDefinitionRevision(context.views, identifier);
    if ('error' in found) {
      failures.push({ arn: identifier, reason: found.error.message });
    } else if (found.output.status === 'ACTIVE') {
      const arn = found.output.taskDefinition.taskDefinitionArn;
      failures.push({ arn, reason: STILL_ACTIVE });
    } else {
      const { family, revision } = found.output.taskDefinition;
      const command = { type: 'DeleteTaskDefinitions', revisions: [{ family, revision }] } as const;
      await context.commandAccount(command, caller, `${family}:${revision}`);
      taskDefinitions.push(described(family, revision, context).taskDefinition);
    }
  }
  return { taskDefinitions, failures };
}

const STILL_ACTIVE =
  'The specified task definition is still in ACTIVE status. Please deregister the target and try again.';

export const taskDefinitionOperations: Readonly<Record<string, OperationHandler>> = {
  RegisterTaskDefinition: operation(register),
  DeregisterTaskDefinition: operation(deregister),
  DeleteTaskDefinitions: operation(deleteMany),
};
