import type {
  Attribute,
  ContainerDefinition,
  RecordedTaskResources,
  TaskDefinition,
  TaskOverride,
} from '#libs/ecs/messages';
import type { TaskDemand } from '#libs/ecs/placement';
import { overrideAttributes, platformAttributes } from './demand-attributes.ts';
import { devicesOf } from './demand-devices.ts';

/**
 * What one task of this definition takes from its host: CPU is the task's if given, else the sum over its containers;
 * memory the task's if given, else per container the reservation, else the limit; fixed host ports; devices.
 */
export function resourcesOf(
  taskDefinition: TaskDefinition,
  overrides: TaskOverride | undefined = {},
): RecordedTaskResources {
  const taskCpu = overrides.cpu ?? taskDefinition.cpu;
  const taskMemory = overrides.memory ?? taskDefinition.memory;
  let cpu = 0;
  let memory = 0;
  const tcpPorts: number[] = [];
  const udpPorts: number[] = [];
  for (const container of taskDefinition.containerDefinitions) {
    const override = overrides.containerOverrides?.find(({ name }) => name === container.name);
    cpu += override?.cpu ?? container.cpu;
    memory += override?.memoryReservation ?? container.memoryReservation ?? override?.memory ?? container.memory ?? 0;
    collectFixedPorts(container, taskDefinition.networkMode, tcpPorts, udpPorts);
  }
  const devices = devicesOf(taskDefinition, overrides);
  return {
    cpu: taskCpu === undefined ? cpu : Number(taskCpu),
    memory: taskMemory === undefined ? memory : Number(taskMemory),
    tcpPorts,
    udpPorts,
    ...(devices !== null && { devices }),
  };
}

/** What one task of this definition needs of its host. */
export function demandOf(taskDefinition: TaskDefinition, overrides: TaskOverride | undefined): TaskDemand {
  return demandFor(resourcesOf(taskDefinition, overrides), taskDefinition, overrides);
}

/** The same for a task whose resources are known: with the attributes that its host must have. */
export function demandFor(
  resources: RecordedTaskResources,
  taskDefinition: TaskDefinition,
  overrides: TaskOverride | undefined,
): TaskDemand {
  const plain = plainRequirements(taskDefinition);
  const further = overrides === undefined ? [] : overrideAttributes(taskDefinition, overrides);
  return { ...resources, requiresAttributes: further.length === 0 ? plain : [...plain, ...further] };
}

/** Requirements of task definitions without overrides: a revision never changes, so each is worked out once. */
const knownRequirements = new WeakMap<TaskDefinition, readonly Attribute[]>();

function plainRequirements(taskDefinition: TaskDefinition): readonly Attribute[] {
  let requirements = knownRequirements.get(taskDefinition);
  if (requirements === undefined) {
    requirements = [...(taskDefinition.requiresAttributes ?? []), ...platformAttributes(taskDefinition)];
    knownRequirements.set(taskDefinition, requirements);
  }
  return requirements;
}

/** Ports that the task takes on its host for certain. A task with a network interface of its own takes none. */
function collectFixedPorts(
  container: ContainerDefinition,
  networkMode: string | undefined,
  tcpPorts: number[],
  udpPorts: number[],
): void {
  if (networkMode === 'awsvpc' || networkMode === 'none') return;
  for (const { containerPort = 0, hostPort = 0, protocol } of container.portMappings) {
    const port = networkMode === 'host' ? containerPort : hostPort;
    if (port > 0) (protocol === 'udp' ? udpPorts : tcpPorts).push(port);
  }
}
