import type { ContainerInspectInfo } from 'dockerode';
import type { TaskNetworkInterface } from '#libs/ecs/messages';
import { connectionOf } from '../container/labels.ts';

/** The address that a pause container has while it runs; undefined: none, or none yet. */
export function interfaceOf(info: ContainerInspectInfo, network: string): TaskNetworkInterface | undefined {
  const subnetId = connectionOf(info.Config.Labels, info.Name)?.subnetId;
  const { [network]: endpoint } = info.NetworkSettings.Networks;
  if (subnetId === undefined || endpoint === undefined || endpoint.IPAddress === '') return undefined;
  return { subnetId, macAddress: endpoint.MacAddress, privateIpv4Address: endpoint.IPAddress };
}
