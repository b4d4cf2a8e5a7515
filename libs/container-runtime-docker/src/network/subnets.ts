import { ipv4Number, ipv4Range, ipv4Text } from './cidr.ts';
import type { Ipv4Range } from './cidr.ts';
import type { NetworkOptions } from './network-options.ts';

/** AWS VPC user guide: the first four addresses and the last one of a subnet are not given to anything. */
const RESERVED_AT_START = 4;
const RESERVED_AT_END = 1;

export interface Subnet {
  readonly id: string;
  /** null: no subnets are configured; Docker takes the address from anywhere in the network. */
  readonly range: Ipv4Range | null;
}

/** Those of the requested subnets that this host has, in the order of the request; none: the task has no place here. */
export function offeredSubnets(
  configured: Readonly<Record<string, string>> | undefined,
  requested: readonly string[],
): readonly Subnet[] {
  const ranges = new Map(Object.entries(configured ?? {}));
  if (ranges.size === 0) return requested.slice(0, 1).map((id) => ({ id, range: null }));
  return requested.flatMap((id) => {
    const range = ipv4Range(ranges.get(id) ?? '');
    return range === undefined ? [] : [{ id, range }];
  });
}

/**
 * Whether an address that was given under other options may still be: it lies where addresses are given now.
 * @param subnetId what it was given for; undefined: no subnets were configured
 */
export function isStillOffered(
  { vpcCidr, subnets = {} }: Pick<NetworkOptions, 'vpcCidr' | 'subnets'>,
  subnetId: string | undefined,
  address: string,
): boolean {
  const hasSubnets = Object.keys(subnets).length > 0;
  if (hasSubnets !== (subnetId !== undefined)) return false;
  const cidr = subnetId === undefined ? vpcCidr : subnets[subnetId];
  if (cidr === undefined) return !hasSubnets;
  const range = ipv4Range(cidr);
  const number = ipv4Number(address);
  return range !== undefined && number !== undefined && range.first <= number && number <= range.last;
}

/**
 * A free address, the first one after that which was given last: an address that was given back rests for as long as
 * there are others. undefined: the subnet is full.
 */
export function freeAddress(
  range: Ipv4Range,
  taken: ReadonlySet<string>,
  last: string | undefined,
): string | undefined {
  const first = range.first + RESERVED_AT_START;
  const count = range.last - RESERVED_AT_END - first + 1;
  const lastNumber = ipv4Number(last ?? '');
  const start = lastNumber === undefined ? 0 : lastNumber - first + 1;
  for (let step = 0; step < count; step++) {
    const address = ipv4Text(first + ((start + step) % count));
    if (!taken.has(address)) return address;
  }
  return undefined;
}
