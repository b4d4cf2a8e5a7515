import type { ContainerDefinition, TaskNetworkInterface } from '#libs/ecs/messages';
import type { ContainerFacts, ContainerNetwork, ContainerStats } from '../container-facts.ts';
import type { SimulatedContainer } from './simulated-container.ts';

const PAUSE: Pick<ContainerDefinition, 'image' | 'logConfiguration' | 'dockerLabels'> = { image: 'pause' };
const NEVER = '0001-01-01T00:00:00Z';

/** A simulated container has no process and no volumes, and writes nothing. */
export function simulatedFacts(container: SimulatedContainer, withSize: boolean): ContainerFacts {
  const { runtimeId, spec, createdAt, startedAt, finishedAt, imageDigest, networkInterface, networkBindings } =
    container;
  const { image, logConfiguration, dockerLabels = {} } = spec.kind === 'pause' ? PAUSE : spec.container;
  return {
    runtimeId,
    runtimeName: spec.runtimeName,
    image,
    imageId: imageDigest ?? `simulated:${image}`,
    labels: dockerLabels,
    createdAt: timeText(createdAt),
    ...(startedAt === undefined ? {} : { startedAt: timeText(startedAt) }),
    ...(finishedAt === undefined ? {} : { finishedAt: timeText(finishedAt) }),
    networks: networkInterface === null ? [] : [networkOf(networkInterface)],
    networkBindings,
    dnsServers: [],
    dnsSearchDomains: [],
    volumes: [],
    logDriver: logConfiguration?.logDriver ?? 'json-file',
    logOptions: logConfiguration?.options ?? {},
    ...(withSize ? { writtenBytes: 0 } : {}),
  };
}

function networkOf({ subnetId, privateIpv4Address, macAddress }: TaskNetworkInterface): ContainerNetwork {
  return { name: subnetId, ipv4Address: privateIpv4Address, macAddress };
}

/** Nothing runs, so nothing is used. */
export function simulatedStats({ runtimeId, spec, phase }: SimulatedContainer, now: number): ContainerStats | null {
  if (phase !== 'RUNNING') return null;
  const cpu = { cpu_usage: { total_usage: 0, usage_in_kernelmode: 0, usage_in_usermode: 0 } };
  return {
    id: runtimeId,
    name: `/${spec.runtimeName}`,
    read: timeText(now),
    preread: NEVER,
    cpu_stats: cpu,
    precpu_stats: cpu,
    memory_stats: { usage: 0 },
  };
}

function timeText(ms: number): string {
  return new Date(ms).toISOString();
}
