import type {
  AttributesDeleted,
  AttributesPut,
  ContainerInstanceConnected,
  ContainerInstanceDeregistered,
  ContainerInstanceDisconnected,
  ContainerInstanceRegistered,
  ContainerInstanceStatusChanged,
} from '#libs/ecs/messages';
import { assert } from '#libs/kernel';
import type { ClusterState, InstanceState } from '../cluster-state.ts';
import { withAttributes, withoutAttributes } from './instance-attributes.ts';
import { addHost, hostOf, showAvailability } from './instance-host.ts';

export function evolveRegistered(state: ClusterState, event: ContainerInstanceRegistered, at: number): void {
  const { containerInstanceId: instanceId, sessionId, resources, attributes, versionInfo, tags, launchTypes } = event;
  assert(
    !state.instances.has(instanceId) && !state.inactiveInstanceIds.has(instanceId),
    `instance ${instanceId} was registered twice`,
  );
  const instance: InstanceState = {
    instanceId,
    sessionId,
    status: 'ACTIVE',
    statusCause: null,
    connected: true,
    resources,
    attributes,
    agentVersion: versionInfo.agentVersion,
    registeredAt: at,
    tags,
    taskIds: new Set(),
    ...(launchTypes !== undefined && { launchTypes }),
    wantedVersion: 0,
  };
  state.instances.set(instanceId, instance);
  addHost(state, instance);
}

export function evolveConnected(state: ClusterState, event: ContainerInstanceConnected): void {
  const instance = instanceOf(state, event.containerInstanceId);
  instance.sessionId = event.sessionId;
  instance.connected = true;
  const { resources, attributes, versionInfo, launchTypes } = event;
  if (launchTypes !== undefined) instance.launchTypes = launchTypes;
  if (resources !== undefined || attributes !== undefined || versionInfo !== undefined || launchTypes !== undefined) {
    instance.resources = resources ?? instance.resources;
    instance.attributes = attributes ?? instance.attributes;
    instance.agentVersion = versionInfo?.agentVersion ?? instance.agentVersion;
    state.placement.updateHost(instance.instanceId, hostOf(instance));
  }
  showAvailability(state, instance);
}

export function evolveDisconnected(state: ClusterState, event: ContainerInstanceDisconnected): void {
  const instance = instanceOf(state, event.containerInstanceId);
  instance.connected = false;
  showAvailability(state, instance);
}

export function evolveStatusChanged(state: ClusterState, event: ContainerInstanceStatusChanged): void {
  const instance = instanceOf(state, event.containerInstanceId);
  instance.status = event.status;
  instance.statusCause = event.cause ?? null;
  showAvailability(state, instance);
}

export function evolveDeregistered(state: ClusterState, event: ContainerInstanceDeregistered): void {
  const instance = instanceOf(state, event.containerInstanceId);
  assert(instance.taskIds.size === 0, `instance ${event.containerInstanceId} was deregistered with tasks on it`);
  state.instances.delete(event.containerInstanceId);
  state.inactiveInstanceIds.add(event.containerInstanceId);
  state.placement.removeHost(event.containerInstanceId);
}

export function evolveAttributesPut(state: ClusterState, event: AttributesPut): void {
  const instance = instanceOf(state, event.containerInstanceId);
  instance.attributes = withAttributes(instance.attributes, event.attributes);
  state.placement.updateHost(event.containerInstanceId, hostOf(instance));
}

export function evolveAttributesDeleted(state: ClusterState, event: AttributesDeleted): void {
  const instance = instanceOf(state, event.containerInstanceId);
  instance.attributes = withoutAttributes(instance.attributes, event.names);
  state.placement.updateHost(event.containerInstanceId, hostOf(instance));
}

function instanceOf(state: ClusterState, instanceId: string): InstanceState {
  const instance = state.instances.get(instanceId);
  assert(instance !== undefined, `a fact names the unknown instance ${instanceId}`);
  return instance;
}
