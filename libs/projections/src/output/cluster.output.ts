import type { Opaque } from '#libs/contracts';
import type { ClusterView } from '../view/cluster.view.ts';
import type { ClusterRecord } from '../view/records.ts';
import { put } from './wire.ts';
import type { WireDraft } from './wire.ts';

/** What DescribeClusters may add to a cluster (ecs-behaviour §4). */
type ClusterField = 'ATTACHMENTS' | 'CONFIGURATIONS' | 'SETTINGS' | 'STATISTICS' | 'TAGS';

/** Counts by launch type that ECS keeps, in its words. */
const LAUNCH_TYPES = { EC2: 'EC2', FARGATE: 'Fargate', EXTERNAL: 'External' } as const;

/** A cluster as DescribeClusters answers it (ecs-behaviour §6). */
export function clusterOutput(view: ClusterView, cluster: ClusterRecord, include: readonly string[]): Opaque {
  const services = servicesByStatus(view);
  const asked = (field: ClusterField): boolean => include.includes(field);
  const draft: WireDraft = {
    clusterArn: cluster.clusterArn,
    clusterName: cluster.clusterName,
    status: cluster.status,
    registeredContainerInstancesCount: registeredInstances(view),
    runningTasksCount: sum(view, 'running'),
    pendingTasksCount: sum(view, 'pending'),
    activeServicesCount: services.active,
    statistics: asked('STATISTICS') ? statistics(view) : [],
    tags: asked('TAGS') ? cluster.tags : [],
    settings: asked('SETTINGS') ? cluster.settings : [],
    capacityProviders: cluster.capacityProviders,
    defaultCapacityProviderStrategy: cluster.defaultCapacityProviderStrategy,
  };
  if (asked('CONFIGURATIONS')) put(draft, 'configuration', cluster.configuration);
  if (asked('ATTACHMENTS')) draft['attachments'] = [];
  put(draft, 'serviceConnectDefaults', cluster.serviceConnectDefaults);
  return draft;
}

/** ACTIVE and DRAINING ones. */
function registeredInstances(view: ClusterView): number {
  let count = 0;
  for (const instance of view.instances.values()) if (instance.status !== 'INACTIVE') count += 1;
  return count;
}

function sum(view: ClusterView, which: 'running' | 'pending'): number {
  let total = 0;
  for (const counts of view.counts.values()) total += counts[which];
  return total;
}

function servicesByStatus(view: ClusterView, launchType?: string): { active: number; draining: number } {
  const counts = { active: 0, draining: 0 };
  for (const { status, spec } of view.services.values()) {
    if (launchType !== undefined && spec.launchType !== launchType) continue;
    if (status === 'ACTIVE') counts.active += 1;
    if (status === 'DRAINING') counts.draining += 1;
  }
  return counts;
}

function statistics(view: ClusterView): readonly Opaque[] {
  return Object.entries(LAUNCH_TYPES).flatMap(([launchType, word]) => {
    const tasks = view.counts.get(launchType) ?? { running: 0, pending: 0 };
    const services = servicesByStatus(view, launchType);
    return [
      statistic(`running${word}TasksCount`, tasks.running),
      statistic(`pending${word}TasksCount`, tasks.pending),
      statistic(`active${word}ServiceCount`, services.active),
      statistic(`draining${word}ServiceCount`, services.draining),
    ];
  });
}

function statistic(name: string, value: number): Opaque {
  return { name, value: String(value) };
}
