import type { ContainerFacts, ContainerStats } from '../container-facts.ts';
import type { OwnContainerSpec } from '#libs/agents/core';

/** What the facts of a simulated container follow from. */
export interface FactsSource {
  readonly runtimeId: string;
  readonly spec: Pick<OwnContainerSpec, 'taskId' | 'containerName' | 'runtimeName' | 'container'>;
  readonly phase: 'CREATED' | 'RUNNING' | 'STOPPED';
  readonly createdAt: number;
  readonly startedAt: number | undefined;
  readonly finishedAt: number | undefined;
}

const NEVER = '0001-01-01T00:00:00Z';

/** A simulated container has no process, no address and no volumes, and writes nothing. */
export function simulatedFacts(container: FactsSource, withSize: boolean): ContainerFacts {
  const { runtimeId, spec, createdAt, startedAt, finishedAt } = container;
  const { logConfiguration, dockerLabels = {} } = spec.container;
  return {
    runtimeId,
    runtimeName: spec.runtimeName,
    image: spec.container.image,
    imageId: `simulated:${spec.container.image}`,
    labels: dockerLabels,
    createdAt: timeText(createdAt),
    ...(startedAt === undefined ? {} : { startedAt: timeText(startedAt) }),
    ...(finishedAt === undefined ? {} : { finishedAt: timeText(finishedAt) }),
    networks: [],
    dnsServers: [],
    dnsSearchDomains: [],
    volumes: [],
    logDriver: logConfiguration?.logDriver ?? 'json-file',
    logOptions: logConfiguration?.options ?? {},
    ...(withSize ? { writtenBytes: 0 } : {}),
  };
}

/** Nothing runs, so nothing is used. */
export function simulatedStats({ runtimeId, spec, phase }: FactsSource, now: number): ContainerStats | null {
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
