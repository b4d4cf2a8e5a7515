import { isName } from '#libs/ecs/messages';
import type { ContainerInput, Rejection, TaskDefinitionInput } from '#libs/ecs/messages';
import { clientError } from '../shared/rejections.ts';
import { cpuUnits, memoryMebibytes } from '../shared/task-size.ts';
import { firstRefusal } from './first-refusal.ts';

/** The smallest memory that Docker takes for a container (MiB). */
export const CONTAINER_MEMORY_MEBIBYTES_MIN = 4;
const IMAGE_CHARACTERS_MAX = 255;

/** What the API reference allows: number signs, too, and a digest in letters of either case. */
const IMAGE = /^[A-Za-z0-9_.:/#-]+(@sha256:[0-9A-Fa-f]{64})?$/;

/** What ECS checks of the containers before it looks at anything else but the task's size: names, images, sizes, essential. */
export function checkContainerBasics(input: TaskDefinitionInput): Rejection | null {
  const { containerDefinitions } = input;
  const names = new Set<string>();
  const refused = firstRefusal(containerDefinitions, (container) => {
    const twice = names.has(container.name ?? '');
    names.add(container.name ?? '');
    if (twice) return clientError(`The container name '${container.name ?? ''}' is not unique within the task.`);
    return checkIdentity(container) ?? checkSize(container, input);
  });
  if (refused !== null) return refused;
  if (containerDefinitions.every(({ essential }) => essential === false)) {
    return clientError("Task definition doesn't have any essential container.");
  }
  return checkCpuSum(input);
}

function checkIdentity({ name, image }: ContainerInput): Rejection | null {
  if (name === undefined) return clientError('Container.name should not be null or empty.');
  if (!isName(name)) return clientError('Container.name contains invalid characters.');
  if (image === undefined) return clientError('Container.image should not be null or empty.');
  const [reference = ''] = image.split('@');
  if (!IMAGE.test(image) || reference.length > IMAGE_CHARACTERS_MAX) {
    return clientError('Container.image contains invalid characters.');
  }
  return null;
}

function checkSize(container: ContainerInput, input: TaskDefinitionInput): Rejection | null {
  const { name = '', cpu, memory, memoryReservation } = container;
  const refuse = (detail: string): Rejection => clientError(`Invalid setting for container '${name}'. ${detail}`);
  if (cpu !== undefined && cpu < 0) return refuse("'cpu' must not be negative.");
  if (input.memory === undefined && memory === undefined && memoryReservation === undefined) {
    return refuse("At least one of 'memory' or 'memoryReservation' must be specified.");
  }
  if (isTooLittle(memory) || isTooLittle(memoryReservation)) {
    return refuse(`'memory' and 'memoryReservation' must be at least ${CONTAINER_MEMORY_MEBIBYTES_MIN}.`);
  }
  if (memory !== undefined && memoryReservation !== undefined && memoryReservation > memory) {
    return refuse("'memory' must be greater than or equal to 'memoryReservation'.");
  }
  const taskMemory = input.memory === undefined ? null : memoryMebibytes(input.memory);
  if (taskMemory !== null && Math.max(memory ?? 0, memoryReservation ?? 0) > taskMemory) {
    return clientError(`The 'memory' setting for container '${name}' is greater than for the task.`);
  }
  return null;
}

function isTooLittle(mebibytes: number | undefined): boolean {
  return mebibytes !== undefined && mebibytes < CONTAINER_MEMORY_MEBIBYTES_MIN;
}

function checkCpuSum({ cpu, containerDefinitions }: TaskDefinitionInput): Rejection | null {
  const units = cpu === undefined ? null : cpuUnits(cpu);
  if (units === null) return null;
  const sum = containerDefinitions.reduce((total, container) => total + (container.cpu ?? 0), 0);
  return sum > units
    ? clientError("The sum of all container 'cpu' values cannot be greater than the task-level 'cpu' value.")
    : null;
}
