import { managedInstanceId } from '#libs/ecs/messages';
import type { HostDescription } from '#libs/ecs/placement';
import type { ClusterState, InstanceState } from '../cluster-state.ts';

/** Makes an instance known to placement, without tasks. */
export function addHost({ placement }: Pick<ClusterState, 'placement'>, instance: InstanceState): void {
  placement.addHost(instance.instanceId, hostOf(instance));
  showAvailability({ placement }, instance);
}

/** Whether new tasks may be placed on it. */
export function showAvailability(
  { placement }: Pick<ClusterState, 'placement'>,
  { instanceId, connected, status }: InstanceState,
): void {
  placement.setAvailability(instanceId, connected, status === 'ACTIVE');
}

/** What placement knows of an instance. */
export function hostOf({
  instanceId,
  resources,
  attributes,
  agentVersion,
  registeredAt,
  launchTypes,
}: InstanceState): HostDescription {
  const { cpu, memory, reservedTcpPorts, reservedUdpPorts, gpuIds = [] } = resources;
  return {
    cpu,
    memory,
    reservedTcpPorts,
    reservedUdpPorts,
    devices: { GPU: gpuIds.length },
    attributes,
    ...(launchTypes !== undefined && { launchTypes }),
    agentVersion,
    ec2InstanceId: managedInstanceId(instanceId),
    registeredAt,
  };
}
