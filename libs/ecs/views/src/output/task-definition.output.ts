import type { TaskDefinitionOutput } from '#libs/ecs/messages';
import type { TaskDefinitionRecord } from '../view/account.view.ts';
import { keepText, put, putTime } from './wire.ts';
import type { WireDraft } from './wire.ts';

/** A task definition revision as DescribeTaskDefinition returns it, without its tags. */
export function taskDefinitionOutput(record: TaskDefinitionRecord): TaskDefinitionOutput {
  record.output ??= keepText(buildTaskDefinition(record));
  return record.output;
}

function buildTaskDefinition(record: TaskDefinitionRecord): TaskDefinitionOutput {
  const draft: WireDraft = { ...record.taskDefinition, status: record.status };
  putTime(draft, 'registeredAt', record.registeredAt);
  put(draft, 'registeredBy', record.registeredBy);
  putTime(draft, 'deregisteredAt', record.deregisteredAt);
  putTime(draft, 'deleteRequestedAt', record.deleteRequestedAt);
  return draft as TaskDefinitionOutput;
}
