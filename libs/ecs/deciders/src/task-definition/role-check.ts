import type { Rejection, TaskDefinitionInput } from '#libs/ecs/messages';
import { clientError } from '../shared/rejections.ts';

const ROLE_ARN = /^arn:aws[a-z-]*:iam::\d{12}:role\/(?:[!-~]{1,510}\/)?[\w+=,.@-]{1,64}$/;
/** "The short name or full ARN" (AWS API reference, RegisterTaskDefinition, taskRoleArn; not executionRoleArn). */
const ROLE_NAME = /^[\w+=,.@-]{1,64}$/;

/** What cannot be a role is refused; whether the role exists is found out when it is used. */
export function checkRoles(input: TaskDefinitionInput): Rejection | null {
  const { taskRoleArn: taskRole, executionRoleArn: executionRole } = input;
  const isRole =
    (taskRole === undefined || ROLE_ARN.test(taskRole) || ROLE_NAME.test(taskRole)) &&
    (executionRole === undefined || ROLE_ARN.test(executionRole));
  return isRole ? null : clientError('Role is not valid');
}

/** A role's short name as the ARN of the account's role, which is what ECS returns. */
export function roleArn(role: string, account: string): string {
  return ROLE_NAME.test(role) ? `arn:aws:iam::${account}:role/${role}` : role;
}
