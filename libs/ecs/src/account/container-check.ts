import type { Rejection, TaskDefinitionInput } from '#libs/contracts';
import { isName } from '../shared/names.ts';
import { clientError } from '../shared/rejections.ts';
import { cpuUnits, memoryMebibytes } from '../shared/task-size.ts';
import { firstRefusal } from './first-refusal.ts';
import { checkHealthCheck } from './health-check-rules.ts';
import { listOf, numberOf, textOf } from './opaque-members.ts';

type ContainerInput = TaskDefinitionInput['containerDefinitions'][number];

/** The smallest memory that Docker takes for a container (MiB). */
export const CONTAINER_MEMORY_MEBIBYTES_MIN = 4;
const IMAGE_CHARACTERS_MAX = 255;
const STOP_TIMEOUT_SECONDS_MAX = 86_400;

/** What the API reference allows: number signs, too, and a digest in letters of either case. */
const IMAGE = /^[A-Za-z0-9_.:/#-]+(@sha256:[0-9A-Fa-f]{64})?$/;
/** With a network interface of its own a task has no bridge, and its names come from the network. */
const NOT_WITH_AWSVPC = ['hostname', 'links', 'dnsServers', 'dnsSearchDomains', 'extraHosts'];

/** Rules for each container, and between a container and its task. */
export function checkContainers(input: TaskDefinitionInput): Rejection | null {
  const { containerDefinitions } = input;
  const names = new Set<string>();
  const refused = firstRefusal(containerDefinitions, (container) => {
    const twice = names.has(container.name ?? '');
    names.add(container.name ?? '');
    if (twice) return clientError(`The container name '${container.name ?? ''}' is not unique within the task.`);
    return (
      checkIdentity(container) ??
      checkSize(container, input) ??
      checkNetworkMembers(container, input.networkMode) ??
      checkEnvironment(container) ??
      checkMounts(container, input) ??
      checkTimeouts(container) ??
      checkHealthCheck(container)
    );
  });
  if (refused !== null) return refused;
  if (containerDefinitions.every(({ essential }) => essential === false)) {
    return clientError('At least one container in the task definition must be essential.');
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
    return refuse("'memory' must not be less than 'memoryReservation'.");
  }
  const taskMemory = input.memory === undefined ? null : memoryMebibytes(input.memory);
  if (taskMemory !== null && Math.max(memory ?? 0, memoryReservation ?? 0) > taskMemory) {
    return clientError("The 'memory' setting for container is greater than for the task.");
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
  return sum > units ? clientError("The sum of all 'cpu' settings for containers is greater than for the task.") : null;
}

function checkNetworkMembers(container: ContainerInput, networkMode: string | undefined): Rejection | null {
  const hasLinks = listOf(container, 'links').length > 0;
  if (hasLinks && networkMode !== undefined && networkMode !== 'bridge') {
    return clientError(`Links are not supported when networkMode=${networkMode}.`);
  }
  if (networkMode !== 'awsvpc') return null;
  return firstRefusal(NOT_WITH_AWSVPC, (member) => {
    const given = textOf(container, member) !== undefined || listOf(container, member).length > 0;
    return given ? clientError(`The parameter ${member} is not supported when networkMode=awsvpc.`) : null;
  });
}

function checkEnvironment(container: ContainerInput): Rejection | null {
  const names = new Set((container.environment ?? []).map(({ name }) => name));
  return firstRefusal(listOf(container, 'secrets'), (secret) => {
    const name = textOf(secret, 'name') ?? '';
    if (names.has(name)) {
      return clientError(
        'The secret name must be unique and not shared with any new or existing environment variables set on the ' +
          `container, such as '${name}'.`,
      );
    }
    names.add(name);
    return null;
  });
}

function checkMounts(container: ContainerInput, input: TaskDefinitionInput): Rejection | null {
  const volumes = new Set(listOf(input, 'volumes').map((volume) => textOf(volume, 'name')));
  const containers = new Set(input.containerDefinitions.map(({ name }) => name));
  return (
    firstRefusal(listOf(container, 'mountPoints'), (mount) => {
      const volume = textOf(mount, 'sourceVolume');
      return volumes.has(volume) ? null : clientError(`Unknown volume '${volume ?? ''}'.`);
    }) ??
    firstRefusal(listOf(container, 'volumesFrom'), (from) => {
      const source = textOf(from, 'sourceContainer');
      if (source !== container.name && containers.has(source)) return null;
      return clientError(`Container '${container.name ?? ''}' cannot take volumes from container '${source ?? ''}'.`);
    })
  );
}

function checkTimeouts(container: ContainerInput): Rejection | null {
  return firstRefusal(['startTimeout', 'stopTimeout'], (member) => {
    const seconds = numberOf(container, member);
    if (seconds === undefined || (seconds >= 0 && seconds <= STOP_TIMEOUT_SECONDS_MAX)) return null;
    return clientError(`Invalid setting for container '${container.name ?? ''}'. '${member}' is out of range.`);
  });
}
