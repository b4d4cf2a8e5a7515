import type { ContainerDefinition, TaskDefinition, TaskOverride } from '#libs/ecs/messages';
import type { TaskDemand } from '#libs/ecs/placement';
import { overrideAttributes, platformAttributes } from './demand-attributes.ts';
import { devicesOf } from './demand-devices.ts';

/** Demands of task definitions without overrides: a revision never changes, so each is worked out once. */
const plainDemands = new WeakMap<TaskDefinition, TaskDemand>();

/**
 * What one task of this definition needs on its host: CPU is the task's if given, else the sum over
 * its containers; memory the task's if given, else per container the reservation, else the limit; fixed host ports;
 * devices; the attributes that the definition and its overrides require, its runtime platform among them.
 */
export function demandOf(taskDefinition: TaskDefinition, overrides: TaskOverride | undefined): TaskDemand {
  if (overrides !== undefined && changesDemand(overrides)) return computeDemand(taskDefinition, overrides);
  let demand = plainDemands.get(taskDefinition);
  if (demand === undefined) {
    demand = computeDemand(taskDefinition, {});
    plainDemands.set(taskDefinition, demand);
  }
  return demand;
}

/** Members of overrides that have no say in where a task can be placed. */
const CHANGE_NOTHING = new Set(['name', 'command', 'environment']);

function changesDemand({ containerOverrides = [], ...task }: TaskOverride): boolean {
  return [task, ...containerOverrides].some((members) =>
    Object.keys(members).some((name) => !CHANGE_NOTHING.has(name)),
  );
}

function computeDemand(taskDefinition: TaskDefinition, overrides: TaskOverride): TaskDemand {
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
    requiresAttributes: [
      ...(taskDefinition.requiresAttributes ?? []),
      ...platformAttributes(taskDefinition),
      ...overrideAttributes(taskDefinition, overrides),
    ],
  };
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
