import { arns } from '#libs/ecs/messages';
import type { PlacementFailure, RunTask, StartTask, TasksAnswer } from '#libs/ecs/messages';
import { queries, resolveCluster, resolveInstance, resolveTask, resolveTaskDefinition } from '#libs/ecs/views';
import type { Caller } from '../caller.ts';
import { operation } from '../operation.ts';
import { sentRequestHash } from '../sent-request-hash.ts';
import type { OperationContext, OperationHandler } from '../operation.ts';
import { unwrap } from '../query.ts';
import { stoppedTask, withoutHealth } from './task-responses.ts';

type RunTaskInput = Omit<RunTask, 'type' | 'resolved' | 'count' | 'requestHash'> & {
  readonly cluster?: string;
  readonly taskDefinition: string;
  readonly count?: number;
};
type StartTaskInput = Omit<StartTask, 'type' | 'resolved' | 'instanceIds' | 'requestHash'> & {
  readonly cluster?: string;
  readonly taskDefinition: string;
  readonly containerInstances: readonly string[];
};

function tasksOutput(clusterName: string, answer: TasksAnswer, { views, locale }: OperationContext): object {
  const failures = answer.failures.map(({ instanceId, reason, detail }: PlacementFailure) => ({
    ...(instanceId !== null && { arn: arns.containerInstance(locale, clusterName, instanceId) }),
    reason,
    ...(detail !== undefined && { detail }),
  }));
  if (answer.taskIds.length === 0) return { tasks: [], failures };
  const { tasks } = unwrap(
    queries.DescribeTasks(views, { cluster: clusterName, tasks: answer.taskIds, include: ['TAGS'] }),
  );
  return { tasks: tasks.map(withoutHealth), failures };
}

function hashMember(
  operationName: string,
  { clientToken }: { readonly clientToken?: string },
  { body }: Caller,
): Pick<RunTask, 'requestHash'> {
  return clientToken === undefined ? {} : { requestHash: sentRequestHash(operationName, body) };
}

async function runTask(input: RunTaskInput, caller: Caller, context: OperationContext): Promise<object> {
  const { cluster, taskDefinition, count = 1, ...members } = input;
  // In the order of ECS: an unknown task definition is answered even before an unknown cluster.
  const resolved = unwrap(resolveTaskDefinition(context.views, taskDefinition));
  const { clusterName } = unwrap(resolveCluster(context.views, cluster));
  const answer = await context.commandCluster<TasksAnswer>(
    clusterName,
    { ...members, ...hashMember('RunTask', input, caller), type: 'RunTask', resolved, count },
    caller,
    input.clientToken,
  );
  return tasksOutput(clusterName, answer, context);
}

async function startTask(input: StartTaskInput, caller: Caller, context: OperationContext): Promise<object> {
  const { cluster, taskDefinition, containerInstances, ...members } = input;
  const resolved = unwrap(resolveTaskDefinition(context.views, taskDefinition));
  const { clusterName } = unwrap(resolveCluster(context.views, cluster));
  const instanceIds = containerInstances.map(
    (text) => unwrap(resolveInstance(context.views, clusterName, text)).instanceId,
  );
  const answer = await context.commandCluster<TasksAnswer>(
    clusterName,
    { ...members, ...hashMember('StartTask', input, caller), type: 'StartTask', resolved, instanceIds },
    caller,
    input.clientToken,
  );
  return tasksOutput(clusterName, answer, context);
}

async function stopTask(
  input: { cluster?: string; task: string; reason?: string },
  caller: Caller,
  context: OperationContext,
): Promise<object> {
  const { clusterName } = unwrap(resolveCluster(context.views, input.cluster));
  const { taskId } = unwrap(resolveTask(context.views, clusterName, input.task));
  const { reason } = input;
  await context.commandCluster(
    clusterName,
    { type: 'StopTask', taskId, ...(reason !== undefined && { reason }) },
    caller,
  );
  const { tasks } = unwrap(queries.DescribeTasks(context.views, { cluster: clusterName, tasks: [taskId] }));
  return { task: tasks[0] && stoppedTask(tasks[0]) };
}

export const taskOperations: Readonly<Record<string, OperationHandler>> = {
  RunTask: operation(runTask),
  StartTask: operation(startTask),
  StopTask: operation(stopTask),
};
