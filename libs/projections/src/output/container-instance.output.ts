import type { InstanceVersionInfo, Opaque } from '#libs/contracts';
import type { InstanceRecord } from '../view/records.ts';
import { cachedOutput } from './cached-output.ts';
import { epochSeconds, put } from './wire.ts';
import type { WireDraft } from './wire.ts';

const DOCKER_VERSION_PREFIX = 'DockerVersion: ';

/** A container instance as DescribeContainerInstances answers it (ecs-behaviour §7). */
export function containerInstanceOutput(instance: InstanceRecord, withTags: boolean): Opaque {
  return cachedOutput(instance, withTags, () => buildInstance(instance));
}

/** A host of one's own has no EC2 id; like an ECS Anywhere host it gets a managed instance's. */
export function managedInstanceId(instanceId: string): string {
  return `mi-${instanceId.slice(0, 17)}`;
}

function buildInstance(instance: InstanceRecord): Opaque {
  return {
    containerInstanceArn: instance.arn,
    ec2InstanceId: managedInstanceId(instance.instanceId),
    version: instance.version,
    versionInfo: versionInfoOutput(instance.versionInfo),
    remainingResources: remainingResources(instance),
    registeredResources: registeredResources(instance),
    status: instance.status,
    agentConnected: instance.connected,
    runningTasksCount: instance.counts.running,
    pendingTasksCount: instance.counts.pending,
    attributes: [...instance.attributes.values()],
    registeredAt: epochSeconds(instance.registeredAt),
    attachments: [],
  };
}

function versionInfoOutput({ agentVersion, agentHash, dockerVersion }: InstanceVersionInfo): Opaque {
  const draft: WireDraft = { agentVersion };
  put(draft, 'agentHash', agentHash);
  draft['dockerVersion'] = dockerVersion.startsWith(DOCKER_VERSION_PREFIX)
    ? dockerVersion
    : `${DOCKER_VERSION_PREFIX}${dockerVersion}`;
  return draft;
}

function registeredResources({ resources }: InstanceRecord): readonly Opaque[] {
  return [
    integer('CPU', resources.cpu),
    integer('MEMORY', resources.memory),
    stringSet('PORTS', resources.reservedTcpPorts.map(String)),
    stringSet('PORTS_UDP', resources.reservedUdpPorts.map(String)),
    ...gpus(resources.gpuIds),
  ];
}

/** What is left for tasks; PORTS are all ports in use, which is how ECS says it. */
function remainingResources(instance: InstanceRecord): readonly Opaque[] {
  const { resources } = instance;
  return [
    integer('CPU', resources.cpu - instance.cpuTaken),
    integer('MEMORY', resources.memory - instance.memoryTaken),
    stringSet('PORTS', portsInUse(resources.reservedTcpPorts, instance.tcpPortsTaken)),
    stringSet('PORTS_UDP', portsInUse(resources.reservedUdpPorts, instance.udpPortsTaken)),
    ...gpus(resources.gpuIds),
  ];
}

function portsInUse(reserved: readonly number[], taken: ReadonlySet<number>): readonly string[] {
  // Reserved ones first and in the order of registration, as ECS lists them; then those of tasks.
  const ofTasks = [...taken].filter((port) => !reserved.includes(port)).sort((a, b) => a - b);
  return [...reserved, ...ofTasks].map(String);
}

function gpus(gpuIds: readonly string[] | undefined): readonly Opaque[] {
  return gpuIds === undefined || gpuIds.length === 0 ? [] : [stringSet('GPU', gpuIds)];
}

function integer(name: string, integerValue: number): Opaque {
  return { name, type: 'INTEGER', doubleValue: 0, longValue: 0, integerValue };
}

function stringSet(name: string, stringSetValue: readonly string[]): Opaque {
  return { name, type: 'STRINGSET', doubleValue: 0, longValue: 0, integerValue: 0, stringSetValue };
}
