import type { Tag, TaskDefinitionAnswer, TaskDefinitionInput } from '#libs/contracts';
import {
  describeTaskDefinition,
  listTaskDefinitionFamilies,
  listTaskDefinitions,
  parseTaskDefinitionIdentifier,
} from '#libs/projections';
import { rejected } from '../api-problem.ts';
import type { Caller } from '../caller.ts';
import { operation } from '../operation.ts';
import type { OperationContext, OperationHandler } from '../operation.ts';
import { unwrap } from '../query.ts';

type RegisterInput = TaskDefinitionInput & { readonly tags?: readonly Tag[] };

function described(family: string, revision: number, { views }: OperationContext): object {
  return unwrap(describeTaskDefinition(views, { taskDefinition: `${family}:${revision}`, include: ['TAGS'] }));
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

async function deregister(input: { taskDefinition: string }, caller: Caller, context: OperationContext): Promise<object> {
  const { family, revision } = parseTaskDefinitionIdentifier(input.taskDefinition);
  if (revision === undefined) throw rejected({ code: 'ClientError', message: 'Revision is missing.' });
  await context.commandAccount({ type: 'DeregisterTaskDefinition', family, revision }, caller);
  return described(family, revision, context);
}

/** Each one stands for itself: what cannot be deleted is a failure, not an error. */
async function deleteMany(input: { taskDefinitions: readonly string[] }, caller: Caller, context: OperationContext): Promise<object> {
  if (input.taskDefinitions.length === 0 || input.taskDefinitions.length > DELETE_TASK_DEFINITIONS_MAX) {
    throw rejected({ code: 'InvalidParameter', message: `Between 1 and ${DELETE_TASK_DEFINITIONS_MAX} task definitions must be given.` });
  }
  const taskDefinitions: unknown[] = [];
  const failures: object[] = [];
  for (const identifier of input.taskDefinitions) {
    const { family, revision } = parseTaskDefinitionIdentifier(identifier);
    if (revision === undefined) {
      failures.push({ arn: identifier, reason: 'The specified task definition identifier is invalid. Specify a valid name or ARN and try again.' });
      continue;
    }
    const current = describeTaskDefinition(context.views, { taskDefinition: identifier });
    if ('error' in current) {
      failures.push({ arn: identifier, reason: 'The specified task definition does not exist.' });
    } else if (current.output.taskDefinition.status === 'ACTIVE') {
      failures.push({
        arn: current.output.taskDefinition.taskDefinitionArn,
        reason: 'The specified task definition is still in ACTIVE status. Please deregister the target and try again.',
      });
    } else {
      await context.commandAccount({ type: 'DeleteTaskDefinitions', revisions: [{ family, revision }] }, caller);
      const { output } = { output: unwrap(describeTaskDefinition(context.views, { taskDefinition: identifier })) };
      taskDefinitions.push(output.taskDefinition);
    }
  }
  return { taskDefinitions, failures };
}

const DELETE_TASK_DEFINITIONS_MAX = 10;

export const taskDefinitionOperations: Readonly<Record<string, OperationHandler>> = {
  RegisterTaskDefinition: operation(register),
  DeregisterTaskDefinition: operation(deregister),
  DeleteTaskDefinitions: operation(deleteMany),
  DescribeTaskDefinition: operation((input: { taskDefinition: string }, _caller, { views }) =>
    unwrap(describeTaskDefinition(views, input)),
  ),
  ListTaskDefinitions: operation((input, _caller, { views }) => unwrap(listTaskDefinitions(views, input))),
  ListTaskDefinitionFamilies: operation((input, _caller, { views }) => unwrap(listTaskDefinitionFamilies(views, input))),
};
