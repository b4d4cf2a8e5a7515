import { arns } from '#libs/ecs/messages';
import type { Attribute, ContainerInstanceEvent, ContainerInstanceRegistered } from '#libs/ecs/messages';
import type { EventHandlers } from './event-handlers.ts';
import { known, PoisonEvent } from './poison-event.ts';
import type { ClusterRecords, InstanceRecord } from './records.ts';
import { noOutput, outdate } from './task-counting.ts';
import { instanceOf } from './task.fold.ts';

export const containerInstanceFolds: EventHandlers<
  ContainerInstanceEvent,
  [records: ClusterRecords, at: number],
  void
> = {
  ContainerInstanceRegistered: register,
  ContainerInstanceConnected: (
    { containerInstanceId, resources, attributes, versionInfo, launchTypes },
    records,
    at,
  ) => {
    const instance = touched(records, containerInstanceId);
    instance.resources = resources ?? instance.resources;
    instance.versionInfo = versionInfo ?? instance.versionInfo;
    if (attributes !== undefined) instance.attributes = byName(attributes);
    if (launchTypes !== undefined) instance.launchTypes = launchTypes;
    instance.connectedAt = at;
    setConnected(instance, true, at);
  },
  ContainerInstanceDisconnected: ({ containerInstanceId }, records, at) => {
    setConnected(touched(records, containerInstanceId), false, at);
  },
  ContainerInstanceStatusChanged: ({ containerInstanceId, status }, records) => {
    touched(records, containerInstanceId).status = status;
  },
  ContainerInstanceDeregistered: ({ containerInstanceId, expiresAt }, records, at) => {
    const instance = touched(records, containerInstanceId);
    instance.status = 'INACTIVE';
    setConnected(instance, false, at);
    records.ended.add({ kind: 'container-instance', record: instance }, expiresAt);
  },
  AttributesPut: ({ containerInstanceId, attributes }, records) => {
    const instance = touched(records, containerInstanceId);
    instance.attributes = new Map([...instance.attributes, ...byName(attributes)]);
  },
  AttributesDeleted: ({ containerInstanceId, names }, records) => {
    const instance = touched(records, containerInstanceId);
    instance.attributes = new Map([...instance.attributes].filter(([name]) => !names.includes(name)));
  },
};

function touched(records: ClusterRecords, instanceId: string): InstanceRecord {
  const instance = instanceOf(records, instanceId);
  instance.version += 1;
  outdate(instance.cached);
  return instance;
}

function byName(attributes: readonly Attribute[]): ReadonlyMap<string, Attribute> {
  return new Map(attributes.map((attribute) => [attribute.name, attribute]));
}

function register(event: ContainerInstanceRegistered, records: ClusterRecords, at: number): void {
  const { containerInstanceId: instanceId, resources, attributes, versionInfo, hostname, tags, launchTypes } = event;
  const cluster = known(records.cluster, 'cluster of container instance', instanceId);
  const before = records.instances.get(instanceId);
  if (before !== undefined && before.status !== 'INACTIVE') {
    throw new PoisonEvent(`container instance ${instanceId} is registered already`);
  }
  records.instances.delete(instanceId);
  records.instances.set(instanceId, {
    instanceId,
    arn: arns.containerInstance(cluster.locale, cluster.clusterName, instanceId),
    ordinal: records.ordinals++,
    resources,
    attributes: byName(attributes),
    versionInfo,
    hostname,
    connected: true,
    connectedAt: at,
    status: 'ACTIVE',
    registeredAt: at,
    ...(launchTypes !== undefined && { launchTypes }),
    tags,
    version: 1,
    cpuTaken: 0,
    memoryTaken: 0,
    tcpPortsTaken: new Set(),
    udpPortsTaken: new Set(),
    tasks: new Set(),
    counts: { running: 0, pending: 0 },
    cached: noOutput(),
  });
}

/** Tasks show whether their agent is there; one that has STOPPED stays as it was. */
function setConnected(instance: InstanceRecord, connected: boolean, at: number): void {
  instance.connected = connected;
  for (const task of instance.tasks) {
    if (task.lastStatus === 'STOPPED') continue;
    task.connected = connected;
    if (connected) task.connectivityAt = at;
    outdate(task.cached);
  }
}
