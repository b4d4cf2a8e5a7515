import type { ContainerDefinition, Volume } from '#libs/ecs/messages';
import { isWindows } from './mode-check.ts';
import { logFault } from './fargate-log-rules.ts';
import type { FilledTaskDefinition } from './task-definition-defaults.ts';

/** Task sizes of Fargate: CPU units → memory in MiB, from, to, step (ECS developer guide, Fargate task sizes). */
const SIZES: Readonly<Record<string, readonly [from: number, to: number, step: number]>> = {
  '512': [1_024, 4_096, 1_024],
  '1024': [2_048, 8_192, 1_024],
  '2048': [4_096, 16_384, 1_024],
  '4096': [8_192, 30_720, 1_024],
  '8192': [16_384, 61_440, 4_096],
  '16384': [32_768, 122_880, 8_192],
};
const SMALLEST_CPU = '256';
const SMALLEST_MEMORY = ['512', '1024', '2048'];
const WINDOWS_CPU = ['1024', '2048', '4096'];
const WINDOWS_FAMILY = /^WINDOWS_SERVER_(2019|2022|2025)_(CORE|FULL)$/;
const STOP_TIMEOUT_SECONDS_MAX = 120;
const ADDED_CAPABILITIES = ['SYS_PTRACE'];
const LINUX_PARAMETERS = ['devices', 'sharedMemorySize', 'maxSwap', 'swappiness'] as const;

/** The first rule of Fargate that the definition breaks, in ECS's words and order; null when it fits. */
export function fargateFault(definition: FilledTaskDefinition): string | null {
  return (
    fargateSizeFault(definition) ??
    taskFault(definition) ??
    firstFault(definition.volumes, volumeFault) ??
    firstFault(definition.containerDefinitions, containerFault) ??
    logFault(definition)
  );
}

/** What is wrong with network mode and size; null: nothing. */
export function fargateSizeFault(
  definition: Pick<FilledTaskDefinition, 'networkMode' | 'cpu' | 'memory' | 'runtimePlatform'>,
): string | null {
  const { networkMode, cpu, memory } = definition;
  if (networkMode !== 'awsvpc') return 'Fargate only supports network mode ‘awsvpc’.';
  if (cpu === undefined) return "Fargate requires that 'cpu' be defined at the task level.";
  if (memory === undefined) return "Fargate requires that 'memory' be defined at the task level.";
  if (isSize(cpu, memory) && (!isWindows(definition) || WINDOWS_CPU.includes(cpu))) return null;
  return (
    `No Fargate configuration exists for given values: ${cpu} CPU, ${memory} memory. ` +
    'See the Amazon ECS documentation for the valid values.'
  );
}

function isSize(cpu: string, memory: string): boolean {
  if (cpu === SMALLEST_CPU) return SMALLEST_MEMORY.includes(memory);
  const range = SIZES[cpu];
  if (range === undefined) return false;
  const [from, to, step] = range;
  const mebibytes = Number(memory);
  return mebibytes >= from && mebibytes <= to && (mebibytes - from) % step === 0;
}

function taskFault(definition: FilledTaskDefinition): string | null {
  const family = definition.runtimePlatform?.operatingSystemFamily;
  if (isWindows(definition) && family !== undefined && !WINDOWS_FAMILY.test(family)) {
    return `Tasks using the Fargate launch type are not supported on operating system family ${family}`;
  }
  const { pidMode } = definition;
  if (pidMode !== undefined && pidMode !== 'task') {
    return (
      `Tasks using the Fargate launch type do not support pidMode '${pidMode}'. ` +
      "The supported value for pidMode is 'task'."
    );
  }
  if (definition.ipcMode !== undefined) return 'Tasks using the Fargate launch type do not support ipcMode.';
  return definition.placementConstraints.length > 0 ? notCompatible('constraints') : null;
}

function volumeFault({ dockerVolumeConfiguration, host }: Volume): string | null {
  if (dockerVolumeConfiguration !== undefined) return notCompatible('dockerVolumeConfiguration');
  return host?.sourcePath === undefined ? null : notCompatible('sourcePath');
}

function containerFault(container: ContainerDefinition): string | null {
  if (container.privileged === true) return "Fargate requires that the 'privileged' setting be 'false'.";
  if ((container.dockerSecurityOptions ?? []).length > 0) return notCompatible('dockerSecurityOptions');
  const { linuxParameters: linux, resourceRequirements = [], stopTimeout = 0 } = container;
  for (const member of LINUX_PARAMETERS) {
    const value = linux?.[member];
    const given = Array.isArray(value) ? value.length > 0 : value !== undefined;
    if (given) return notCompatible(member);
  }
  const capability = linux?.capabilities?.add?.find((name) => !ADDED_CAPABILITIES.includes(name));
  if (capability !== undefined) return `${capability} is not allowed on Fargate.`;
  const needsGpu = resourceRequirements.some(({ type }) => type === 'GPU');
  if (needsGpu) return 'Tasks using the Fargate launch type do not support GPU resource requirements.';
  if (stopTimeout <= STOP_TIMEOUT_SECONDS_MAX) return null;
  return `Tasks using the Fargate launch type must have a container stop timeout of less than ${STOP_TIMEOUT_SECONDS_MAX} seconds.`;
}

function notCompatible(member: string): string {
  return `Fargate compatible task definitions do not support ${member}`;
}

function firstFault<Item>(items: readonly Item[], fault: (item: Item) => string | null): string | null {
  for (const item of items) {
    const found = fault(item);
    if (found !== null) return found;
  }
  return null;
}
