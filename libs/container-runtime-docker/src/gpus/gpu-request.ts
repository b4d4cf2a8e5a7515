import type { HostConfig } from 'dockerode';
import type { ContainerDefinition } from '#libs/ecs/messages';
import { LABELS } from '../container/labels.ts';

/** How many GPUs a container is to have for itself. */
export function gpuCountOf({ resourceRequirements = [] }: ContainerDefinition, hostCount: number): number {
  return resourceRequirements
    .filter(({ type }) => type === 'GPU')
    .reduce((sum, { value = '' }) => sum + (value === 'ALL' ? hostCount : Number(value)), 0);
}

/** GPUs that no container has; undefined: there are not enough. */
export function chooseGpus(
  count: number,
  ofHost: readonly string[],
  taken: ReadonlySet<string>,
): readonly string[] | undefined {
  const free = ofHost.filter((id) => !taken.has(id));
  return free.length < count ? undefined : free.slice(0, count);
}

/** As Docker hands devices to the NVIDIA container toolkit. */
export function gpuDevices(ids: readonly string[]): HostConfig {
  return { DeviceRequests: [{ Driver: 'nvidia', DeviceIDs: [...ids], Capabilities: [['gpu']] }] };
}

/** By the label of a container; undefined: it has none. */
export function gpuIdsFrom(labels: Readonly<Record<string, string>> | undefined): readonly string[] | undefined {
  return labels?.[LABELS.gpuIds]?.split(',');
}
