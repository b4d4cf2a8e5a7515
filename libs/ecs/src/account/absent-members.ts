import type { TaskDefinitionInput } from '#libs/contracts';

/**
 * The input without members that mean "absent": null, and the empty texts that real tools send for optional ones
 * (`taskRoleArn: ""`). Inside containers the same holds for their own members, not for what lies deeper: an environment
 * variable may well be empty.
 */
export function withoutAbsent(input: TaskDefinitionInput): TaskDefinitionInput {
  const { family, containerDefinitions, ...rest } = input;
  return {
    family,
    containerDefinitions: containerDefinitions.map((container) => present(container)),
    ...present(rest),
  };
}

function present<Members extends object>(members: Members): Members {
  const entries = Object.entries(members).filter(([, value]) => value !== null && value !== undefined && value !== '');
  return Object.fromEntries(entries) as Members;
}
