import type { Rejection, TaskDefinition, TaskOverride } from '#libs/ecs/messages';
import { isMissing } from '../shared/names.ts';
import { checkServed } from '../shared/served-members.ts';
import { cpuUnits, memoryMebibytes } from '../shared/task-size.ts';
import { clientError, invalidParameter } from '../shared/rejections.ts';
import { requirementsFault } from '../shared/resource-requirements.ts';

/** The JSON text of all overrides. */
export const OVERRIDES_CHARACTERS_MAX = 8_192;

/** Members that change something here, storage on Fargate alone, and the execution role, which definitions may name as well. */
const SERVED: ReadonlySet<string> = new Set([
  'containerOverrides',
  'cpu',
  'memory',
  'ephemeralStorage',
  'taskRoleArn',
  'executionRoleArn',
]);

/** Checks overrides of RunTask and StartTask against the task definition that they change. */
export function checkOverrides(overrides: TaskOverride | undefined, taskDefinition: TaskDefinition): Rejection | null {
  if (overrides === undefined) return null;
  if (JSON.stringify(overrides).length > OVERRIDES_CHARACTERS_MAX) {
    return invalidParameter(`Container Overrides length must be at most ${OVERRIDES_CHARACTERS_MAX}.`);
  }
  const unserved = checkServed(overrides, SERVED, 'The override');
  if (unserved !== null) return unserved;
  const { containerOverrides = [], cpu, memory } = overrides;
  const named = new Set<string>();
  for (const {
    name,
    environment = [],
    cpu: units = 0,
    memory: limit = 0,
    memoryReservation = 0,
    resourceRequirements,
  } of containerOverrides) {
    if (isMissing(name)) {
      return invalidParameter('A container override needs the name of the container that it changes.');
    }
    if (![units, limit, memoryReservation].every(isAmount)) {
      return invalidParameter(`Override for container named ${name} has a negative cpu or memory.`);
    }
    if (!taskDefinition.containerDefinitions.some((container) => container.name === name)) {
      return invalidParameter(`Override for container named ${name} is not a container in the TaskDefinition.`);
    }
    const fault = requirementsFault(name, resourceRequirements);
    if (fault !== null) return invalidParameter(fault);
    if (named.has(name)) return invalidParameter(`There is more than one override for container named ${name}.`);
    named.add(name);
    if (environment.some((variable) => isMissing(variable.name))) {
      return invalidParameter(`Override for container named ${name} has an environment variable without a name.`);
    }
  }
  if (cpu !== undefined && cpuUnits(cpu) === null) return invalidParameter("Invalid 'cpu' setting for task.");
  if (memory !== undefined && memoryMebibytes(memory) === null)
    return clientError("Invalid 'memory' setting for task.");
  return null;
}

/** The same overrides with task sizes in units, as they are stored and answered. Only for checked overrides. */
export function normalOverrides(overrides: TaskOverride): TaskOverride {
  const { cpu, memory } = overrides;
  if (cpu === undefined && memory === undefined) return overrides;
  return {
    ...overrides,
    ...(cpu === undefined ? {} : { cpu: String(cpuUnits(cpu) ?? cpu) }),
    ...(memory === undefined ? {} : { memory: String(memoryMebibytes(memory) ?? memory) }),
  };
}

/** Negative amounts would give a host more than it has. */
function isAmount(value: number): boolean {
  return Number.isInteger(value) && value >= 0;
}
