import { lastPathElement } from '#libs/ecs/messages';
import {
  clusterOutput,
  type ClusterView,
  containerInstanceOutput,
  type InstanceRecord,
  serviceOutput,
  type ServiceRecord,
  taskOutput,
  type TaskRecord,
} from '#libs/ecs/views';
import { momentText } from '../moment/moment.ts';
import { tableText } from '../shell/output.ts';
import type { Kind } from './kinds.ts';

interface KindOutput {
  /** Member of the AWS answer that lists them. */
  readonly member: string;
  readonly wire: (view: ClusterView, all: boolean) => readonly object[];
  readonly headings: readonly string[];
  readonly rows: (view: ClusterView, all: boolean) => readonly Row[];
}

type Row = readonly (string | number | null)[];

const since = (ms: number | null): string | null => (ms === null ? null : momentText(ms));

/** Things that had ended and were still shown then are left out unless all are asked for. */
const tasksOf = (view: ClusterView, all: boolean): readonly TaskRecord[] =>
  [...view.tasks.values()].filter((task) => all || task.lastStatus !== 'STOPPED');
const servicesOf = (view: ClusterView, all: boolean): readonly ServiceRecord[] =>
  [...view.services.values()].filter((service) => all || service.status !== 'INACTIVE');
const instancesOf = (view: ClusterView, all: boolean): readonly InstanceRecord[] =>
  [...view.instances.values()].filter((instance) => all || instance.status !== 'INACTIVE');

const OUTPUTS: Readonly<Record<Kind, KindOutput>> = {
  clusters: {
    member: 'clusters',
    wire: (view, all) =>
      isShown(view, all) && view.cluster !== null ? [clusterOutput(view, view.cluster, ['TAGS'])] : [],
    headings: ['cluster', 'status', 'container instances', 'running', 'pending', 'services'],
    rows: (view, all) => (isShown(view, all) ? [clusterRow(view)] : []),
  },
  services: {
    member: 'services',
    wire: (view, all) =>
      servicesOf(view, all).flatMap((one) => (view.cluster === null ? [] : [serviceOutput(view.cluster, one, true)])),
    headings: ['service', 'status', 'desired', 'running', 'pending', 'definition', 'rollout', 'since'],
    rows: (view, all) => servicesOf(view, all).map(serviceRow),
  },
  tasks: {
    member: 'tasks',
    wire: (view, all) =>
      tasksOf(view, all).flatMap((one) => (view.cluster === null ? [] : [taskOutput(view.cluster, one, true)])),
    headings: ['task', 'status', 'desired', 'definition', 'group', 'container instance', 'since'],
    rows: (view, all) => tasksOf(view, all).map(taskRow),
  },
  'container-instances': {
    member: 'containerInstances',
    wire: (view, all) => instancesOf(view, all).map((one) => containerInstanceOutput(one, true)),
    headings: ['container instance', 'host', 'status', 'connected', 'running', 'pending', 'since'],
    rows: (view, all) => instancesOf(view, all).map(instanceRow),
  },
};

/** The AWS wire objects, below the member that the Describe* operation uses. */
export function wireOf(kind: Kind, views: readonly ClusterView[], all: boolean): Readonly<Record<string, unknown>> {
  const { member, wire } = OUTPUTS[kind];
  return { [member]: views.flatMap((view) => wire(view, all)) };
}

/** A table with the cluster of each row where there are several. */
export function tableOf(kind: Kind, views: readonly ClusterView[], all: boolean): string {
  const { headings, rows } = OUTPUTS[kind];
  if (kind === 'clusters' || views.length === 1) {
    return tableText(
      headings,
      views.flatMap((view) => rows(view, all)),
    );
  }
  return tableText(
    ['cluster', ...headings],
    views.flatMap((view) => rows(view, all).map((row) => [view.cluster?.clusterName ?? null, ...row])),
  );
}

function isShown({ cluster }: ClusterView, all: boolean): boolean {
  return cluster !== null && (all || cluster.status === 'ACTIVE');
}

function clusterRow(view: ClusterView): Row {
  const counts = [...view.counts.values()];
  return [
    view.cluster?.clusterName ?? null,
    view.cluster?.status ?? null,
    instancesOf(view, false).length,
    counts.reduce((sum, { running }) => sum + running, 0),
    counts.reduce((sum, { pending }) => sum + pending, 0),
    servicesOf(view, false).length,
  ];
}

function serviceRow(service: ServiceRecord): Row {
  const [primary] = service.deployments;
  return [
    service.serviceName,
    service.status,
    service.desiredCount,
    service.counts.running,
    service.counts.pending,
    lastPathElement(primary?.taskDefinitionArn ?? service.spec.taskDefinitionArn),
    primary?.rolloutState ?? null,
    since(primary?.updatedAt ?? service.createdAt),
  ];
}

function taskRow(task: TaskRecord): Row {
  return [
    task.taskId,
    task.lastStatus,
    task.desiredStatus,
    lastPathElement(task.template.taskDefinitionArn),
    task.template.group,
    task.instance?.instanceId ?? null,
    since(statusSince(task)),
  ];
}

/** When the task came to its status, as far as the view keeps that. */
function statusSince(task: TaskRecord): number {
  switch (task.lastStatus) {
    case 'STOPPED':
      return task.stoppedAt ?? task.createdAt;
    case 'STOPPING':
    case 'DEACTIVATING':
    case 'DEPROVISIONING':
      return task.stoppingAt ?? task.createdAt;
    case 'RUNNING':
      return task.startedAt ?? task.createdAt;
    default:
      return task.createdAt;
  }
}

function instanceRow(instance: InstanceRecord): Row {
  return [
    instance.instanceId,
    instance.hostname,
    instance.status,
    instance.connected ? 'yes' : 'no',
    instance.counts.running,
    instance.counts.pending,
    since(instance.connectedAt),
  ];
}
