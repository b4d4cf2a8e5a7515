import { PAUSE_CONTAINER_NAME } from '#libs/agents/core';
import type { ContainerFacts } from '#libs/container-runtime';
import { present } from './document.ts';
import type { MetadataDocument, TaskSource } from './document.ts';

/** The networks of a container. Containers of mode awsvpc have that of their task, which its pause container holds. */
export function networksOf(source: TaskSource, facts: ContainerFacts | undefined): readonly MetadataDocument[] {
  const mode = source.task.definition?.networkMode ?? 'bridge';
  if (mode === 'awsvpc') return taskNetwork(source);
  return (facts?.networks ?? []).map(({ ipv4Address, ipv6Address }) =>
    present({ NetworkMode: mode, IPv4Addresses: addresses(ipv4Address), IPv6Addresses: addresses(ipv6Address) }),
  );
}

function taskNetwork({ task: { known }, facts }: TaskSource): readonly MetadataDocument[] {
  if (known.networkInterface === null) return [];
  const { macAddress, privateIpv4Address, ipv6Address } = known.networkInterface;
  const pause = facts.get(PAUSE_CONTAINER_NAME);
  const network = pause?.networks.find(({ ipv4Address }) => ipv4Address === privateIpv4Address);
  const prefixLength = network?.ipv4Subnet?.split('/')[1];
  return [
    present({
      NetworkMode: 'awsvpc',
      IPv4Addresses: [privateIpv4Address],
      IPv6Addresses: addresses(ipv6Address),
      AttachmentIndex: 0,
      MACAddress: macAddress,
      IPv4SubnetCIDRBlock: network?.ipv4Subnet,
      DomainNameServers: notEmpty(pause?.dnsServers),
      DomainNameSearchList: notEmpty(pause?.dnsSearchDomains),
      SubnetGatewayIpv4Address:
        network?.ipv4Gateway === undefined || prefixLength === undefined
          ? undefined
          : `${network.ipv4Gateway}/${prefixLength}`,
    }),
  ];
}

function addresses(address: string | undefined): readonly string[] | undefined {
  return address === undefined ? undefined : [address];
}

function notEmpty(items: readonly string[] | undefined): readonly string[] | undefined {
  return items === undefined || items.length === 0 ? undefined : items;
}
