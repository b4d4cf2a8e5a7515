import { networkInterfaceIds, TASK_STATUS_RANK, volumeIds } from '#libs/ecs/messages';
import type { RecordedAwsVpcConfiguration, RecordedVolumeConfiguration, TaskTemplate } from '#libs/ecs/messages';
import type { TaskRecord } from '../view/records.ts';
import type { Members } from './members.ts';

/** How ECS names a network interface: in the API, and in its events. */
export type NetworkInterfaceType = 'ElasticNetworkInterface' | 'eni';

const NOTHING: readonly never[] = [];

/** Whether tasks of this template have anything attached to them. */
export function hasAttachments({ networkConfiguration, volumeConfigurations = [] }: TaskTemplate): boolean {
  return networkConfiguration?.awsvpcConfiguration !== undefined || volumeConfigurations.length > 0;
}

/** The network interface of a task and the volumes that its request configured, with what ECS shows of them at each stage. */
export function writeAttachments(task: TaskRecord, type: NetworkInterfaceType, to: Members): void {
  const { networkConfiguration, volumeConfigurations = [] } = task.template;
  const network = networkConfiguration?.awsvpcConfiguration;
  const writers = volumeConfigurations.map((volume) => (members: Members) => writeVolume(task, volume, members));
  if (network !== undefined) writers.unshift((members) => writeNetworkInterface(task, network, type, members));
  to.list('attachments', writers, (write, members) => write(members));
}

/** The addresses of the task, as each of its containers shows them. */
export function networkInterfacesOf({ taskId, networkInterface }: TaskRecord): readonly object[] {
  if (networkInterface === null) return NOTHING;
  const { privateIpv4Address, ipv6Address } = networkInterface;
  const { attachmentId } = networkInterfaceIds(taskId);
  return [{ attachmentId, privateIpv4Address, ...(ipv6Address !== undefined && { ipv6Address }) }];
}

interface Detail {
  readonly name: string;
  readonly value: string;
}

function writeNetworkInterface(
  task: TaskRecord,
  configuration: RecordedAwsVpcConfiguration,
  type: NetworkInterfaceType,
  to: Members,
): void {
  const { attachmentId, resourceId } = networkInterfaceIds(task.taskId);
  to.word('id', attachmentId);
  to.word('type', type);
  to.word(
    'status',
    statusOf(task, { before: 'PRECREATED', isAttached: task.networkInterface !== null, after: 'DELETED' }),
  );
  to.value('details', networkInterfaceDetails(task, configuration, resourceId));
}

/** Before the host has chosen one of several subnets, it is not known which one it will be. */
function networkInterfaceDetails(
  { networkInterface }: TaskRecord,
  { subnets }: RecordedAwsVpcConfiguration,
  networkInterfaceId: string,
): readonly Detail[] {
  if (networkInterface === null) {
    return subnets.length === 1 ? subnets.map((value) => ({ name: 'subnetId', value })) : NOTHING;
  }
  const { subnetId, macAddress, privateIpv4Address, ipv6Address } = networkInterface;
  const details = [
    { name: 'subnetId', value: subnetId },
    { name: 'networkInterfaceId', value: networkInterfaceId },
    { name: 'macAddress', value: macAddress },
    { name: 'privateIPv4Address', value: privateIpv4Address },
  ];
  if (ipv6Address !== undefined) details.push({ name: 'ipv6Address', value: ipv6Address });
  return details;
}

function writeVolume(task: TaskRecord, volume: RecordedVolumeConfiguration, to: Members): void {
  const { name, roleArn, deleteOnTermination } = volume;
  const { attachmentId, resourceId } = volumeIds(task.taskId, name);
  const isAttached = task.startedAt !== null;
  to.word('id', attachmentId);
  to.word('type', 'AmazonElasticBlockStorage');
  const after = deleteOnTermination ? 'DELETED' : 'DETACHED';
  to.word('status', statusOf(task, { before: 'CREATED', isAttached, after }));
  const details: Detail[] = [
    { name: 'roleArn', value: roleArn },
    { name: 'volumeName', value: name },
    { name: 'deleteOnTermination', value: String(deleteOnTermination) },
  ];
  if (isAttached) details.push({ name: 'volumeId', value: resourceId });
  to.value('details', details);
}

/** An attachment goes with its task: ATTACHED for as long as its containers may run, given up in DEPROVISIONING. */
function statusOf(
  { lastStatus }: TaskRecord,
  stages: { readonly before: string; readonly isAttached: boolean; readonly after: string },
): string {
  if (lastStatus === 'STOPPED') return stages.after;
  if (TASK_STATUS_RANK[lastStatus] >= TASK_STATUS_RANK.DEPROVISIONING) return 'DETACHING';
  return stages.isAttached ? 'ATTACHED' : stages.before;
}
