import type { ContainerInspectInfo } from 'dockerode';
import type { ContainerFacts, ContainerNetwork, ContainerStats } from '#libs/container-runtime';
import { networkBindingsOf } from './observation.ts';
import { imageNameOf } from './labels.ts';
import { listMember, member, numberMember, textMapMember, textMember, textsMember } from '../engine/untyped-members.ts';

/** A container as Docker's inspection shows it, all that is of use beyond the steps of a task. */
export function containerFactsOf(info: ContainerInspectInfo): ContainerFacts {
  const { State: state, Config: config, HostConfig: host } = info;
  const startedAt = momentOf(state.StartedAt);
  const finishedAt = momentOf(state.FinishedAt);
  const lastProbe = lastProbeOf(state.Health);
  // Members without a type in dockerode.
  const writtenBytes = numberMember(info, 'SizeRw');
  return {
    runtimeId: info.Id,
    runtimeName: info.Name.replace(/^\//, ''),
    image: imageNameOf(info),
    imageId: info.Image,
    labels: config.Labels,
    createdAt: info.Created,
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(finishedAt === undefined || state.Running ? {} : { finishedAt }),
    ...(state.Running ? { pid: state.Pid } : {}),
    networks: Object.entries(info.NetworkSettings.Networks).map(([name, network]) => networkOf(name, network)),
    networkBindings: networkBindingsOf(info.NetworkSettings.Ports),
    dnsServers: textsMember(host, 'Dns'),
    dnsSearchDomains: textsMember(host, 'DnsSearch'),
    volumes: info.Mounts.map(({ Name, Source, Destination }) => ({
      ...(Name === undefined || Name === '' ? {} : { name: Name }),
      source: Source,
      destination: Destination,
    })),
    logDriver: textMember(member(host, 'LogConfig'), 'Type') ?? '',
    logOptions: textMapMember(member(host, 'LogConfig'), 'Config'),
    ...(lastProbe === undefined ? {} : { lastProbe }),
    ...(writtenBytes === undefined ? {} : { writtenBytes }),
  };
}

/** Docker's statistics; null: of a container that does not run, for which Docker answers with empty ones. */
export function runningStatsOf(stats: unknown): ContainerStats | null {
  if (typeof stats !== 'object' || stats === null) return null;
  return momentOf(textMember(stats, 'read')) === undefined ? null : Object.fromEntries(Object.entries(stats));
}

function networkOf(name: string, network: unknown): ContainerNetwork {
  const ipv4Address = textMember(network, 'IPAddress');
  const prefixLength = numberMember(network, 'IPPrefixLen');
  const ipv4Gateway = textMember(network, 'Gateway');
  const ipv6Address = textMember(network, 'GlobalIPv6Address');
  const macAddress = textMember(network, 'MacAddress');
  return {
    name,
    ...(ipv4Address === undefined ? {} : { ipv4Address }),
    ...(ipv4Address === undefined || prefixLength === undefined
      ? {}
      : { ipv4Subnet: subnetOf(ipv4Address, prefixLength) }),
    ...(ipv4Gateway === undefined ? {} : { ipv4Gateway }),
    ...(ipv6Address === undefined ? {} : { ipv6Address }),
    ...(macAddress === undefined ? {} : { macAddress }),
  };
}

const OCTET_BITS = 8;

/** `172.17.0.2` and 16 are in `172.17.0.0/16`. */
function subnetOf(address: string, prefixLength: number): string {
  const octets = address.split('.').map((octet, index) => {
    const bits = Math.min(OCTET_BITS, Math.max(0, prefixLength - index * OCTET_BITS));
    return Number(octet) & (0xff << (OCTET_BITS - bits)) & 0xff;
  });
  return `${octets.join('.')}/${prefixLength}`;
}

function lastProbeOf(health: unknown): ContainerFacts['lastProbe'] {
  const probe = listMember(health, 'Log').at(-1);
  const exitCode = numberMember(probe, 'ExitCode');
  return exitCode === undefined ? undefined : { exitCode, output: textMember(probe, 'Output') ?? '' };
}

/** Docker writes the year 1 for "never". */
function momentOf(text: string | undefined): string | undefined {
  return text === undefined || text.startsWith('0001-') ? undefined : text;
}
