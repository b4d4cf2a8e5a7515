import type { ClusterOutput } from '#libs/ecs/messages';
import { containerInstancesOf } from '../view/container-instances.ts';
import type { ClusterView } from '../view/cluster.view.ts';
import type { ClusterRecord } from '../view/records.ts';

/** What DescribeClusters may add to a cluster. */
type ClusterField = 'ATTACHMENTS' | 'CONFIGURATIONS' | 'SETTINGS' | 'STATISTICS' | 'TAGS';

/** Counts by launch type that ECS keeps, in its words. */
const WORDS = {
  EC2: 'EC2',
  FARGATE: 'Fargate',
  EXTERNAL: 'External',
  MANAGED_INSTANCES: 'ManagedInstances',
} as const;
type LaunchType = keyof typeof WORDS;

/** A cluster as DescribeClusters answers it. */
export function clusterOutput(view: ClusterView, cluster: ClusterRecord, include: readonly string[]): ClusterOutput {
  const services = servicesByStatus(view);
  const asked = (field: ClusterField): boolean => include.includes(field);
  return {
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
    ...(asked('CONFIGURATIONS') && cluster.configuration !== undefined && { configuration: cluster.configuration }),
    ...(asked('ATTACHMENTS') && { attachments: [] }),
  };
}

/** ACTIVE and DRAINING ones. */
function registeredInstances(view: ClusterView): number {
  let count = 0;
  for (const instance of containerInstancesOf(view)) if (instance.status !== 'INACTIVE') count += 1;
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

type Statistic = NonNullable<ClusterOutput['statistics']>[number];

/** ECS's names in its order, the counts of tasks by state first. */
function statistics(view: ClusterView): readonly Statistic[] {
  const tasks = (launchType: LaunchType, state: 'running' | 'pending'): Statistic =>
    statistic(`${state}${WORDS[launchType]}TasksCount`, view.counts.get(launchType)?.[state] ?? 0);
  const services = (launchType: LaunchType, status: 'active' | 'draining'): Statistic =>
    statistic(`${status}${WORDS[launchType]}ServiceCount`, servicesByStatus(view, launchType)[status]);
  return [
    tasks('EC2', 'running'),
    tasks('FARGATE', 'running'),
    tasks('EC2', 'pending'),
    tasks('FARGATE', 'pending'),
    tasks('EXTERNAL', 'running'),
    tasks('EXTERNAL', 'pending'),
    tasks('MANAGED_INSTANCES', 'running'),
    tasks('MANAGED_INSTANCES', 'pending'),
    services('EC2', 'active'),
    services('FARGATE', 'active'),
    services('EC2', 'draining'),
    services('FARGATE', 'draining'),
    services('EXTERNAL', 'active'),
    services('EXTERNAL', 'draining'),
    services('MANAGED_INSTANCES', 'active'),
    services('MANAGED_INSTANCES', 'draining'),
  ];
}

function statistic(name: string, value: number): Statistic {
  return { name, value: String(value) };
}
