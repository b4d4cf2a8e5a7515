import { isName } from '#libs/ecs/messages';
import type { Rejection, TaskDefinitionInput } from '#libs/ecs/messages';
import { jsonBytes } from '#libs/kernel';
import { clientError, invalidParameter } from '../shared/rejections.ts';
import { cpuUnits, memoryMebibytes } from '../shared/task-size.ts';
import { checkMemberOf, PLACEMENT_CONSTRAINTS_MAX } from '../task/placement-rules.ts';
import { checkCompatibilities } from './compatibilities.ts';
import { checkContainerBasics } from './container-basics.ts';
import { checkContainers } from './container-check.ts';
import { checkDependencies } from './dependency-check.ts';
import { firstRefusal } from './first-refusal.ts';
import { checkModes } from './mode-check.ts';
import { checkPorts } from './port-check.ts';
import { checkRoles } from './role-check.ts';
import { withDefaults } from './task-definition-defaults.ts';
import { checkVolumes } from './volume-check.ts';

/** Containers per task definition, and its size as JSON. */
export const CONTAINERS_MAX = 10;
export const TASK_DEFINITION_BYTES_MAX = 65_536;

/**
 * All rules that join members of a definition; types and required members are checked by the gateway. The order is what ECS was seen
 * to do where two rules are broken at once: sizes, containers' memory, essential containers, then modes and Fargate.
 */
export function checkTaskDefinition(input: TaskDefinitionInput): Rejection | null {
  return (
    checkFamily(input.family) ??
    checkContainerCount(input) ??
    checkBytes(input) ??
    checkSizes(input) ??
    checkContainerBasics(input) ??
    checkModes(input) ??
    checkVolumes(input) ??
    checkContainers(input) ??
    checkPorts(input) ??
    checkDependencies(input.containerDefinitions) ??
    checkConstraints(input) ??
    checkCompatibilities(withDefaults(input)) ??
    checkRoles(input)
  );
}

function checkFamily(family: string): Rejection | null {
  if (family === '') return clientError('Family can not be blank.');
  return isName(family) ? null : clientError('Family contains invalid characters.');
}

function checkContainerCount({ containerDefinitions }: TaskDefinitionInput): Rejection | null {
  if (containerDefinitions.length === 0) return clientError('Container list cannot be empty.');
  if (containerDefinitions.length <= CONTAINERS_MAX) return null;
  return clientError(`A task definition can have at most ${CONTAINERS_MAX} containers.`);
}

function checkBytes(input: TaskDefinitionInput): Rejection | null {
  const bytes = jsonBytes(input);
  if (bytes <= TASK_DEFINITION_BYTES_MAX) return null;
  return clientError(`Actual length: '${bytes}'. Max allowed length is '${TASK_DEFINITION_BYTES_MAX}' bytes.`);
}

/** Unlike everything else that is wrong with a definition these are InvalidParameterExceptions. */
function checkSizes({ cpu, memory }: TaskDefinitionInput): Rejection | null {
  if (cpu !== undefined && cpuUnits(cpu) === null) return invalidParameter("Invalid 'cpu' setting for task.");
  if (memory === undefined || memoryMebibytes(memory) !== null) return null;
  return invalidParameter("Invalid 'memory' setting for task.");
}

function checkConstraints({ placementConstraints = [] }: TaskDefinitionInput): Rejection | null {
  if (placementConstraints.length > PLACEMENT_CONSTRAINTS_MAX) {
    return clientError(`placementConstraints can have at most ${PLACEMENT_CONSTRAINTS_MAX} items.`);
  }
  return firstRefusal(placementConstraints, checkMemberOf);
}
