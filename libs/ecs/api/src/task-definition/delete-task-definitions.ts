import type { TaskDefinitionsDeletedAnswer } from '#libs/ecs/messages';
import { readTaskDefinitionNames } from '#libs/ecs/views';
import { ok } from '#libs/kernel';
import { allOf } from '../all-of.ts';
import { command, toAccount } from '../operation.ts';
import { namedTaskDefinition } from '../resources.ts';
import { describedRevision } from './described-revision.ts';

/** Each revision stands for itself: what cannot be deleted is a failure, under the name that the caller gave it. */
export const deleteTaskDefinitions = command<{ readonly taskDefinitions: readonly string[] }>('DeleteTaskDefinitions', {
  resources: (views, input) => input.taskDefinitions.map((text) => namedTaskDefinition(views, text)),
  plan: (views, input) => {
    const named = readTaskDefinitionNames(views, input.taskDefinitions);
    if ('rejection' in named) return named;
    return ok({
      submit: toAccount(views, { type: 'DeleteTaskDefinitions', taskDefinitions: named.value }),
      output: (answer: TaskDefinitionsDeletedAnswer) => {
        const taskDefinitions = allOf(answer.taskDefinitions, ({ previousStatus, ...id }) => {
          const described = describedRevision(views, id);
          if ('rejection' in described) return described;
          // DescribeTaskDefinition has the time of the request, this response has not.
          return ok({ ...described.value.taskDefinition, deleteRequestedAt: undefined, previousStatus });
        });
        if ('rejection' in taskDefinitions) return taskDefinitions;
        const failures = answer.failures.map(({ name, reason }) => ({ arn: name, reason }));
        return ok({ taskDefinitions: taskDefinitions.value, failures });
      },
    });
  },
});
