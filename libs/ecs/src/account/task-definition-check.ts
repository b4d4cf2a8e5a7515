import type { Rejection, TaskDefinitionInput } from '#libs/contracts';
import { jsonBytes } from '#libs/kernel';
import { isName } from '../shared/names.ts';
import { clientError } from '../shared/rejections.ts';
import { cpuUnits, memoryMebibytes } from '../shared/task-size.ts';
import { checkMemberOf, PLACEMENT_CONSTRAINTS_MAX } from '../task/placement-rules.ts';
import { checkCompatibilities } from './compatibilities.ts';
import { checkContainers } from './container-check.ts';
import { checkDependencies } from './dependency-check.ts';
import { firstRefusal } from './first-refusal.ts';
import { listOf, memberOf, textOf } from './opaque-members.ts';
import { checkPorts } from './port-check.ts';
import { withDefaults } from './task-definition-defaults.ts';

/** Containers a task definition, and its size as JSON (ecs-behaviour §8). */
export const CONTAINERS_MAX = 10;
export const TASK_DEFINITION_BYTES_MAX = 65_536;

const NETWORK_MODES = ['bridge', 'host', 'awsvpc', 'none'];
const NAMESPACE_MODES: Readonly<Record<string, readonly string[]>> = {
  pidMode: ['host', 'task'],
  ipcMode: ['host', 'task', 'none'],
};
const CPU_ARCHITECTURES = ['X86_64', 'ARM64'];

/** All rules that join members of a definition (ecs-behaviour §8, §9); types and required members are the door's. */
export function checkTaskDefinition(input: TaskDefinitionInput): Rejection | null {
  return (
    checkFamily(input.family) ??
    checkContainerCount(input) ??
    checkBytes(input) ??
    checkModes(input) ??
    checkSizes(input) ??
    checkVolumes(input) ??
    checkContainers(input) ??
    checkPorts(input) ??
    checkDependencies(input.containerDefinitions) ??
    checkConstraints(input) ??
    checkCompatibilities(withDefaults(input))
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

function checkModes(input: TaskDefinitionInput): Rejection | null {
  const { networkMode } = input;
  if (networkMode !== undefined && !NETWORK_MODES.includes(networkMode)) {
    return clientError(`Invalid value for networkMode: ${networkMode}.`);
  }
  for (const [member, modes] of Object.entries(NAMESPACE_MODES)) {
    const mode = textOf(input, member);
    if (mode !== undefined && !modes.includes(mode)) return clientError(`Invalid value for ${member}: ${mode}.`);
  }
  const architecture = textOf(input['runtimePlatform'], 'cpuArchitecture');
  if (architecture !== undefined && !CPU_ARCHITECTURES.includes(architecture)) {
    return clientError(`Invalid value for cpuArchitecture: ${architecture}.`);
  }
  return null;
}

function checkSizes({ cpu, memory }: TaskDefinitionInput): Rejection | null {
  if (cpu !== undefined && cpuUnits(cpu) === null) {
    return clientError(
      "Invalid 'cpu' setting for task. For more information, see the Troubleshooting section of the Amazon ECS Developer Guide.",
    );
  }
  if (memory !== undefined && memoryMebibytes(memory) === null) {
    return clientError("Invalid 'memory' setting for task.");
  }
  return null;
}

function checkVolumes(input: TaskDefinitionInput): Rejection | null {
  const names = new Set<string>();
  return firstRefusal(listOf(input, 'volumes'), (volume) => {
    const name = textOf(volume, 'name') ?? '';
    if (!isName(name)) return clientError(`Invalid volume name: '${name}'.`);
    if (names.has(name)) return clientError(`The volume name '${name}' is not unique.`);
    names.add(name);
    const docker = memberOf(volume, 'dockerVolumeConfiguration');
    if (memberOf(docker, 'autoprovision') === true && textOf(docker, 'scope') !== 'shared') {
      return clientError(`Volume '${name}': autoprovision is only valid for volumes of scope 'shared'.`);
    }
    return null;
  });
}

function checkConstraints({ placementConstraints = [] }: TaskDefinitionInput): Rejection | null {
  if (placementConstraints.length > PLACEMENT_CONSTRAINTS_MAX) {
    return clientError(`placementConstraints can have at most ${PLACEMENT_CONSTRAINTS_MAX} items.`);
  }
  return firstRefusal(placementConstraints, checkMemberOf);
}
