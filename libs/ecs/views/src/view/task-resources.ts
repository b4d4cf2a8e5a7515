import type { ContainerDefinition, ContainerOverride, TaskDefinition, TaskOverride } from '#libs/ecs/messages';
import type { TaskResources } from './records.ts';

/**
 * What a task takes from its instance: the task's own CPU and memory where given, else the sums of
 * its containers' (memory: the reservation where given, else the limit), and its fixed host ports. Dynamic ports do not
 * count. Overrides win.
 */
export function resourcesOf(taskDefinition: TaskDefinition, overrides: TaskOverride | undefined): TaskResources {
  const containers = taskDefinition.containerDefinitions.map((definition) => ({
    definition,
    override: overrides?.containerOverrides?.find((override) => override.name === definition.name),
  }));
  const sum = (amount: (definition: ContainerDefinition, override?: ContainerOverride) => number): number =>
    containers.reduce((total, { definition, override }) => total + amount(definition, override), 0);
  return {
    cpu: given(overrides?.cpu ?? taskDefinition.cpu) ?? sum((definition, override) => override?.cpu ?? definition.cpu),
    memory: given(overrides?.memory ?? taskDefinition.memory) ?? sum(containerMemory),
    ...hostPorts(taskDefinition),
  };
}

function given(amount: string | undefined): number | undefined {
  return amount === undefined ? undefined : Number(amount);
}

function containerMemory(definition: ContainerDefinition, override?: ContainerOverride): number {
  return override?.memoryReservation ?? definition.memoryReservation ?? override?.memory ?? definition.memory ?? 0;
}

/** Only the modes bridge and host share the instance's ports; in host mode a container port is its host port. */
function hostPorts(taskDefinition: TaskDefinition): Pick<TaskResources, 'tcpPorts' | 'udpPorts'> {
  const tcpPorts: number[] = [];
  const udpPorts: number[] = [];
  const { networkMode } = taskDefinition;
  if (networkMode === 'awsvpc' || networkMode === 'none') return { tcpPorts, udpPorts };
  for (const container of taskDefinition.containerDefinitions) {
    for (const mapping of container.portMappings) {
      const port = networkMode === 'host' ? (mapping.hostPort ?? mapping.containerPort) : mapping.hostPort;
      if (port === undefined || port === 0) continue;
      (mapping.protocol === 'udp' ? udpPorts : tcpPorts).push(port);
    }
  }
  return { tcpPorts, udpPorts };
}
