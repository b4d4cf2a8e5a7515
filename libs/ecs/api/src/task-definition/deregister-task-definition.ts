import type { TaskDefinitionStatus } from '#libs/ecs/messages';
import { resolveTaskDefinitionRevision } from '#libs/ecs/views';
import { ok } from '#libs/kernel';
import { command, toAccount } from '../operation.ts';
import { describedRevision } from './described-revision.ts';

export const deregisterTaskDefinition = command<{ readonly taskDefinition: string }>('DeregisterTaskDefinition', {
  plan: (views, input) => {
    const found = resolveTaskDefinitionRevision(views, input.taskDefinition);
    if ('rejection' in found) return found;
    const { family, revision } = found.value.taskDefinition;
    return ok({
      submit: toAccount(views, { type: 'DeregisterTaskDefinition', family, revision }),
      output: ({ previousStatus }: { readonly previousStatus: TaskDefinitionStatus }) => {
        const described = describedRevision(views, { family, revision });
        if ('rejection' in described) return described;
        // The call that deregisters does not return the time; a repeated one does.
        const time = previousStatus === 'ACTIVE' ? { deregisteredAt: undefined } : {};
        return ok({ taskDefinition: { ...described.value.taskDefinition, ...time, previousStatus } });
      },
    });
  },
});
