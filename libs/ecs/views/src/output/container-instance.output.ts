import { managedInstanceId } from '#libs/ecs/messages';
import type { ContainerInstanceOutput, InstanceResources, InstanceVersionInfo } from '#libs/ecs/messages';
import type { InstanceRecord } from '../view/records.ts';
import { cachedOutput } from './cached-output.ts';
import { ObjectMembers } from './members.ts';
import type { Members } from './members.ts';
import { sharedPart } from './wire.ts';

const DOCKER_VERSION_PREFIX = 'DockerVersion: ';

/** A container instance as DescribeContainerInstances answers it. */
export function containerInstanceOutput(instance: InstanceRecord, withTags: boolean): ContainerInstanceOutput {
  return cachedOutput(instance, withTags, 'empty', (to) => writeContainerInstance(instance, to));
}

/** The members of a container instance but its tags. */
export function writeContainerInstance(instance: InstanceRecord, to: Members): void {
  to.text('containerInstanceArn', instance.arn);
  to.text('ec2InstanceId', managedInstanceId(instance.instanceId));
  to.plain('version', instance.version);
  to.value('versionInfo', versionInfoOutput(instance.versionInfo));
  to.list('remainingResources', remainingResources(instance), writeResource);
  to.value('registeredResources', registeredResources(instance.resources));
  to.word('status', instance.status);
  to.plain('agentConnected', instance.connected);
  to.plain('runningTasksCount', instance.counts.running);
  to.plain('pendingTasksCount', instance.counts.pending);
  to.value('attributes', attributesOutput(instance.attributes));
  to.moment('registeredAt', instance.registeredAt);
  to.value('attachments', NOTHING);
}

const NOTHING: readonly never[] = [];

const attributesOutput = sharedPart((attributes: InstanceRecord['attributes']) => [...attributes.values()]);

type VersionInfo = NonNullable<ContainerInstanceOutput['versionInfo']>;

const versionInfoOutput = sharedPart(
  ({ agentVersion, agentHash, dockerVersion }: InstanceVersionInfo): VersionInfo => ({
    agentVersion,
    ...(agentHash === undefined ? {} : { agentHash }),
    dockerVersion: dockerVersion.startsWith(DOCKER_VERSION_PREFIX)
      ? dockerVersion
      : `${DOCKER_VERSION_PREFIX}${dockerVersion}`,
  }),
);

/** What a host has of one thing: an amount, or a set of ports or devices. */
interface Resource {
  readonly name: string;
  readonly amount: number | readonly (number | string)[];
}

const registeredResources = sharedPart((resources: InstanceResources): readonly object[] => {
  const { cpu, memory, reservedTcpPorts, reservedUdpPorts, gpuIds = [] } = resources;
  const listedGpus = gpuIds.length > 0 ? gpuIds : undefined;
  return resourceList(cpu, memory, reservedTcpPorts, reservedUdpPorts, listedGpus).map((resource) => {
    const members = new ObjectMembers();
    writeResource(resource, members);
    return members.draft;
  });
});

/** What is left for tasks; PORTS are all ports in use, which is how ECS says it. */
function remainingResources(instance: InstanceRecord): readonly Resource[] {
  const { resources, cpuTaken, memoryTaken, tcpPortsTaken, udpPortsTaken } = instance;
  return resourceList(
    resources.cpu - cpuTaken,
    resources.memory - memoryTaken,
    portsInUse(resources.reservedTcpPorts, tcpPortsTaken),
    portsInUse(resources.reservedUdpPorts, udpPortsTaken),
    freeGpus(instance),
  );
}

/**
 * GPUs that no task has. Which ones a task got is known once its agent reports it; until then as many are left out as it
 * was placed for.
 */
function freeGpus({ resources, tasks }: InstanceRecord): readonly string[] | undefined {
  const { gpuIds } = resources;
  if (gpuIds === undefined || gpuIds.length === 0) return undefined;
  const used = new Set<string>();
  let freeCount = gpuIds.length;
  for (const task of tasks) {
    if (task.lastStatus === 'STOPPED') continue;
    freeCount -= task.resources.devices?.['GPU'] ?? 0;
    for (const container of task.containers) for (const id of container.gpuIds ?? []) used.add(id);
  }
  return gpuIds.filter((id) => !used.has(id)).slice(0, Math.max(0, freeCount));
}

function resourceList(
  cpu: number,
  memory: number,
  tcpPorts: readonly number[],
  udpPorts: readonly number[],
  gpuIds: readonly string[] | undefined,
): readonly Resource[] {
  const list: Resource[] = [
    { name: 'CPU', amount: cpu },
    { name: 'MEMORY', amount: memory },
    { name: 'PORTS', amount: tcpPorts },
    { name: 'PORTS_UDP', amount: udpPorts },
  ];
  if (gpuIds !== undefined) list.push({ name: 'GPU', amount: gpuIds });
  return list;
}

function portsInUse(reserved: readonly number[], taken: ReadonlySet<number>): readonly number[] {
  if (taken.size === 0) return reserved;
  // Reserved ones first and in the order of registration, as ECS lists them; then those of tasks.
  const ofTasks = [...taken].filter((port) => !reserved.includes(port)).sort((a, b) => a - b);
  return [...reserved, ...ofTasks];
}

function writeResource({ name, amount }: Resource, to: Members): void {
  const isAmount = typeof amount === 'number';
  to.word('name', name);
  to.word('type', isAmount ? 'INTEGER' : 'STRINGSET');
  to.plain('doubleValue', 0);
  to.plain('longValue', 0);
  to.plain('integerValue', isAmount ? amount : 0);
  if (!isAmount) to.value('stringSetValue', amount.map(String));
}
