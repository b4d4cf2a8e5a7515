import { HOST_LAUNCH_TYPES_DEFAULT, isPoolHost, lastPathElement, parseShard } from '#libs/ecs/messages';
import type { Picture, PictureCell } from '#libs/kernel';
import { clusterOutput } from '../output/cluster.output.ts';
import { containerInstanceOutput } from '../output/container-instance.output.ts';
import { serviceOutput } from '../output/service.output.ts';
import { taskOutput } from '../output/task.output.ts';
import type { ClusterView } from '../view/cluster.view.ts';
import type { InstanceRecord, ServiceRecord, TaskRecord } from '../view/records.ts';
import type { ViewDirectory } from '../view/view-directory.ts';

/** The parts of a picture, for a cluster's view. */
interface ClusterPicture {
  readonly name: string;
  readonly member: string;
  readonly namesPart?: true;
  readonly headings: readonly string[];
  readonly outputs: (view: ClusterView, all: boolean) => readonly object[];
  readonly rows: (view: ClusterView, all: boolean) => readonly Row[];
}

type Row = readonly PictureCell[];

const since = (ms: number | null): PictureCell => (ms === null ? null : { ms });

/** Things that had ended and were still shown then are left out unless all are asked for. */
const tasksOf = (view: ClusterView, all: boolean): readonly TaskRecord[] =>
  [...view.tasks.values()].filter((task) => all || task.lastStatus !== 'STOPPED');
const servicesOf = (view: ClusterView, all: boolean): readonly ServiceRecord[] =>
  [...view.services.values()].filter((service) => all || service.status !== 'INACTIVE');
const instancesOf = (view: ClusterView, all: boolean): readonly InstanceRecord[] =>
  [...view.instances.values()].filter((instance) => all || instance.status !== 'INACTIVE');

/** Those that the API shows. The rows for people have the hosts of the Fargate pool, too. */
const describedInstancesOf = (view: ClusterView, all: boolean): readonly InstanceRecord[] =>
  instancesOf(view, all).filter(({ launchTypes }) => !isPoolHost(launchTypes));

/** What was in a cluster. */
const CLUSTER_PICTURES: readonly ClusterPicture[] = [
  {
    name: 'clusters',
    member: 'clusters',
    namesPart: true,
    outputs: (view, all) =>
      isShown(view, all) && view.cluster !== null ? [clusterOutput(view, view.cluster, ['TAGS'])] : [],
    headings: ['cluster', 'status', 'container instances', 'running', 'pending', 'services'],
    rows: (view, all) => (isShown(view, all) ? [clusterRow(view)] : []),
  },
  {
    name: 'services',
    member: 'services',
    outputs: (view, all) =>
      servicesOf(view, all).flatMap((one) => (view.cluster === null ? [] : [serviceOutput(view.cluster, one, true)])),
    headings: ['service', 'status', 'desired', 'running', 'pending', 'definition', 'rollout', 'since'],
    rows: (view, all) => servicesOf(view, all).map(serviceRow),
  },
  {
    name: 'tasks',
    member: 'tasks',
    outputs: (view, all) =>
      tasksOf(view, all).flatMap((one) => (view.cluster === null ? [] : [taskOutput(view.cluster, one, true)])),
    headings: ['task', 'status', 'desired', 'definition', 'group', 'container instance', 'since'],
    rows: (view, all) => tasksOf(view, all).map(taskRow),
  },
  {
    name: 'container-instances',
    member: 'containerInstances',
    outputs: (view, all) => describedInstancesOf(view, all).map((one) => containerInstanceOutput(one, true)),
    headings: ['container instance', 'host', 'status', 'connected', 'running', 'pending', 'takes', 'since'],
    rows: (view, all) => instancesOf(view, all).map(instanceRow),
  },
];

/** Every kind of things in a cluster as it was. */
export const pictures: readonly Picture<ViewDirectory>[] = CLUSTER_PICTURES.map(
  ({ name, member, headings, namesPart = false, outputs, rows }) => ({
    name,
    member,
    headings,
    namesPart,
    outputs: (views, shard, all) => ofCluster(views, shard, (view) => outputs(view, all)),
    rows: (views, shard, all) => ofCluster(views, shard, (view) => rows(view, all)),
  }),
);

function ofCluster<Item>(
  views: ViewDirectory,
  shard: string,
  read: (view: ClusterView) => readonly Item[],
): readonly Item[] {
  const view = views.cluster(parseShard(shard)?.cluster ?? '');
  return view === undefined ? [] : read(view);
}

function isShown({ cluster }: ClusterView, all: boolean): boolean {
  return cluster !== null && (all || cluster.status === 'ACTIVE');
}

function clusterRow(view: ClusterView): Row {
  const counts = [...view.counts.values()];
  return [
    view.cluster?.clusterName ?? null,
    view.cluster?.status ?? null,
    describedInstancesOf(view, false).length,
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
    (instance.launchTypes ?? HOST_LAUNCH_TYPES_DEFAULT).join(', '),
    since(instance.connectedAt),
  ];
}
