import { arns } from '#libs/ecs/messages';
import type {
  RegisterTaskDefinition,
  RecordedTaskDefinition,
  Rejection,
  TaskDefinitionInput,
} from '#libs/ecs/messages';
import { accept, reject } from '#libs/kernel';
import type { DecisionContext } from '#libs/kernel';
import { asClientError, clientError } from '../shared/rejections.ts';
import { recordedTag, recordedTaskDefinition } from '../shared/recorded.ts';
import { checkTags } from '../shared/tags.ts';
import type { AccountDecision } from '../shared/outcome.ts';
import type { AccountState } from '../account-state.ts';
import { compatibilitiesOf } from './compatibilities.ts';
import { requiredAttributesOf } from './required-attributes.ts';
import { requestMembers } from './request-members.ts';
import { roleArn } from './role-check.ts';
import { checkTaskDefinition } from './task-definition-check.ts';
import { withDefaults } from './task-definition-defaults.ts';

/** Revisions per family. */
export const REVISIONS_MAX = 1_000_000;

/** Every registration makes a new revision, also an equal one. */
export function decideRegisterTaskDefinition(
  state: AccountState,
  command: RegisterTaskDefinition,
  context: DecisionContext,
): AccountDecision {
  const input = requestMembers(command.input);
  const revision = (state.families.get(input.family)?.highestRevision ?? 0) + 1;
  const refused = checkTaskDefinition(input) ?? checkRegistrationTags(command) ?? checkRevision(revision);
  if (refused !== null) return reject(refused);
  const arn = arns.taskDefinition({ region: command.region, account: state.account }, input.family, revision);
  return accept({
    type: 'TaskDefinitionRegistered',
    v: 1,
    taskDefinition: taskDefinitionOf(withRoleArn(input, state.account), arn, revision),
    tags: (command.tags ?? []).map(recordedTag),
    registeredBy: context.principal,
  });
}

/** The whole definition as ECS returns it, without what a reader adds: status, times, who registered it. */
function taskDefinitionOf(
  input: TaskDefinitionInput,
  taskDefinitionArn: string,
  revision: number,
): RecordedTaskDefinition {
  const filled = withDefaults(input);
  const requiresAttributes = requiredAttributesOf(filled);
  return recordedTaskDefinition({
    taskDefinitionArn,
    ...filled,
    revision,
    ...(requiresAttributes.length === 0 ? {} : { requiresAttributes }),
    compatibilities: compatibilitiesOf(filled),
  });
}

function withRoleArn(input: TaskDefinitionInput, account: string): TaskDefinitionInput {
  const { taskRoleArn: role } = input;
  return role === undefined ? input : { ...input, taskRoleArn: roleArn(role, account) };
}

function checkRegistrationTags({ tags }: RegisterTaskDefinition): Rejection | null {
  return tags?.length === 0 ? clientError('Tags can not be empty.') : asClientError(checkTags(tags));
}

function checkRevision(revision: number): Rejection | null {
  if (revision <= REVISIONS_MAX) return null;
  return { code: 'LimitExceeded', message: `A family can have at most ${REVISIONS_MAX} revisions.` };
}
