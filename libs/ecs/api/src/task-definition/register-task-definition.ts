import type { Tag, TaskDefinitionAnswer, TaskDefinitionInput } from '#libs/ecs/messages';
import { ok } from '#libs/kernel';
import { command, toAccount } from '../operation.ts';
import { familyResource } from '../resources.ts';
import { describedRevision } from './described-revision.ts';

type Input = TaskDefinitionInput & { readonly tags?: readonly Tag[] };

export const registerTaskDefinition = command<Input>('RegisterTaskDefinition', {
  // The revision is not known before it is made.
  resources: (views, { family }) => [familyResource(views, family)],
  plan: (views, { tags, ...definition }) =>
    ok({
      submit: toAccount(views, {
        type: 'RegisterTaskDefinition',
        region: views.locale.region,
        // Leaving a member out has widened the type to one of any members.
        input: definition as TaskDefinitionInput,
        ...(tags === undefined ? {} : { tags }),
      }),
      output: (answer: TaskDefinitionAnswer) => {
        const described = describedRevision(views, answer);
        if ('rejection' in described) return described;
        const { taskDefinition, tags: given } = described.value;
        return ok(given.length === 0 ? { taskDefinition } : { taskDefinition, tags: given });
      },
    }),
});
