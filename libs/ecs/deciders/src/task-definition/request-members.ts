import type { TaskDefinitionInput } from '#libs/ecs/messages';

/** Members that ECS returns and never takes; tools that send a response back send them along. */
const ANSWER_ONLY = [
  'taskDefinitionArn',
  'revision',
  'status',
  'requiresAttributes',
  'compatibilities',
  'registeredAt',
  'registeredBy',
  'deregisteredAt',
  'deleteRequestedAt',
  'tags',
];

/** ECS refuses these when they are empty. */
const NEVER_EMPTY = ['cpu', 'memory'];

/**
 * The input without members that mean "absent": null, and the empty texts that real tools send for optional ones
 * (`taskRoleArn: ""`). Inside containers the same holds for their own members, not for what lies deeper: an environment
 * variable may well be empty. Members that only a response can have are dropped as well.
 */
export function requestMembers(input: TaskDefinitionInput): TaskDefinitionInput {
  const { family, containerDefinitions, ...rest } = input;
  return {
    family,
    containerDefinitions: containerDefinitions.map((container) => present(container, [])),
    ...present(rest, ANSWER_ONLY),
  };
}

function present<Members extends object>(members: Members, unwanted: readonly string[]): Members {
  const entries = Object.entries(members).filter(
    ([name, value]) =>
      value !== null && value !== undefined && (value !== '' || NEVER_EMPTY.includes(name)) && !unwanted.includes(name),
  );
  return Object.fromEntries(entries) as Members;
}
