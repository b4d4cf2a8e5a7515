import { withOverrides } from '#libs/agents/core';
import type { ContainerFacts } from '#libs/container-runtime';
import { containerArn, parseArn } from '#libs/ecs/messages';
import type { ContainerDefinition, NetworkBinding } from '#libs/ecs/messages';
import { present, taskArnOf } from './document.ts';
import type { MetadataDocument, ShownContainer, ShownTask, TaskSource } from './document.ts';
import { networksOf } from './networks.ts';

/** A container as the task metadata endpoint of ECS shows it; `undefined`: it has not got that far. */
export function containerDocument(source: TaskSource, container: ShownContainer): MetadataDocument | undefined {
  const { task, cluster } = source;
  const { name, phase } = container;
  const facts = source.facts.get(name);
  if (facts === undefined && phase !== 'PULLED') return undefined;
  const definition = ownDefinition(task, name);
  const { region = '', account = '' } = parseArn(taskArnOf(source) ?? '') ?? {};
  return present({
    DockerId: facts?.runtimeId,
    Name: name,
    DockerName: facts?.runtimeName,
    Image: definition?.image ?? facts?.image,
    ImageID: facts?.imageId,
    Ports: filled(portsOf(container, facts, task, definition)),
    Labels: filledMap(facts?.labels),
    DesiredStatus: desiredStatusOf(task),
    KnownStatus: knownStatusOf(task, container),
    ExitCode: container.exitCode ?? undefined,
    Limits: limitsOf(definition),
    CreatedAt: facts?.createdAt,
    StartedAt: facts?.startedAt,
    FinishedAt: facts?.finishedAt,
    Type: isPause(task, container) ? 'CNI_PAUSE' : 'NORMAL',
    Health: healthOf(container, facts),
    Volumes: filled(volumesOf(facts)),
    LogDriver: facts?.logDriver,
    LogOptions: filledMap(facts?.logOptions),
    ContainerARN: containerArn({ region, account }, cluster, task.known.taskId, name),
    Networks: filled(networksOf(source, facts)),
    RestartCount: definition?.restartPolicy?.enabled === true ? container.restartCount : undefined,
  });
}

/** STOPPED also when the agent itself ends the task. */
export function desiredStatusOf({ wanted, known }: ShownTask): 'RUNNING' | 'STOPPED' {
  return known.unwanted || known.ending !== null ? 'STOPPED' : (wanted?.desiredStatus ?? 'RUNNING');
}

/** The words of the ECS agent's own state machine. */
export function knownStatusOf(task: ShownTask, container: ShownContainer): string {
  const { phase } = container;
  if (phase === 'RESTARTING') return 'RUNNING';
  return phase === 'RUNNING' && isPause(task, container) ? 'RESOURCES_PROVISIONED' : phase;
}

function isPause({ known }: ShownTask, container: ShownContainer): boolean {
  return known.pause === container;
}

function filled<Item>(items: readonly Item[]): readonly Item[] | undefined {
  return items.length === 0 ? undefined : items;
}

function filledMap(map: Readonly<Record<string, string>> | undefined): Readonly<Record<string, string>> | undefined {
  return map === undefined || Object.keys(map).length === 0 ? undefined : map;
}

function ownDefinition({ wanted, definition }: ShownTask, name: string): ContainerDefinition | undefined {
  const own = definition?.containerDefinitions.find((one) => one.name === name);
  return own === undefined || wanted === undefined ? own : withOverrides(own, wanted);
}

function limitsOf(definition: ContainerDefinition | undefined): MetadataDocument {
  return present({ CPU: definition?.cpu ?? 0, Memory: definition?.memory });
}

function healthOf({ healthStatus }: ShownContainer, facts: ContainerFacts | undefined): MetadataDocument | undefined {
  if (healthStatus === null) return undefined;
  const { exitCode, output } = facts?.lastProbe ?? {};
  return present({ status: healthStatus, exitCode, output: output === '' ? undefined : output });
}

function volumesOf(facts: ContainerFacts | undefined): readonly MetadataDocument[] {
  return (facts?.volumes ?? []).map(({ name, source, destination }) =>
    present({ DockerName: name, Source: source, Destination: destination }),
  );
}

/** In modes host and awsvpc nothing is published: a port is the same on both sides. */
function portsOf(
  { startedAt }: ShownContainer,
  facts: ContainerFacts | undefined,
  { definition: task }: ShownTask,
  definition: ContainerDefinition | undefined,
): readonly MetadataDocument[] {
  if (task?.networkMode !== 'host' && task?.networkMode !== 'awsvpc') {
    return (facts?.networkBindings ?? []).flatMap(publishedPorts);
  }
  if (startedAt === null) return [];
  return (definition?.portMappings ?? []).flatMap(({ containerPort, protocol }) =>
    containerPort === undefined
      ? []
      : [{ ContainerPort: containerPort, Protocol: protocol === 'udp' ? 'udp' : 'tcp', HostPort: containerPort }],
  );
}

/** ECS shows each port of a range by itself. */
function publishedPorts(binding: NetworkBinding): readonly MetadataDocument[] {
  const { bindIP, containerPort, hostPort, containerPortRange, hostPortRange, protocol } = binding;
  const inside = portsOfRange(containerPortRange) ?? [containerPort];
  const outside = portsOfRange(hostPortRange) ?? [hostPort];
  return inside.map((port, index) =>
    present({ ContainerPort: port, Protocol: protocol, HostPort: outside[index], HostIp: bindIP }),
  );
}

function portsOfRange(range: string | undefined): readonly number[] | undefined {
  if (range === undefined) return undefined;
  const [first = 0, last = first] = range.split('-').map(Number);
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}
