import { ipv4Range, isWithin, overlap } from './cidr.ts';

/** How tasks of network mode awsvpc are connected on this host. */
export interface NetworkOptions {
  /** Docker network and bridge interface (`waybill-vpc`), shared by all agents of an engine. At most 15 characters. */
  readonly name?: string;
  /** The range of all addresses, such as `172.31.0.0/16`. Absent: Docker takes one that is free on this host. */
  readonly vpcCidr?: string;
  /** Parts of `vpcCidr` by subnet id. Absent or empty: every subnet id is accepted, and all stand for the whole network. */
  readonly subnets?: Readonly<Record<string, string>>;
  /** A JSON file of security groups. Absent: nothing is restricted. */
  readonly securityGroupsFile?: string;
  /** Addresses that are kept ready for tasks to come, from the first task with an address on. */
  readonly warmInterfaces?: {
    /** Per subnet (4); 0: none. */
    readonly size?: number;
    /** How many are made ready per second while no task is being started (4). */
    readonly refillPerSecond?: number;
  };
  /** What went wrong in the background, where no call can say it. */
  readonly warn?: (text: string) => void;
}

export const WARM_INTERFACES_DEFAULT = { size: 4, refillPerSecond: 4 } as const;

export const NETWORK_NAME_DEFAULT = 'waybill-vpc';
/** IFNAMSIZ of Linux, less the final zero. */
const NETWORK_NAME = /^[a-z][a-z0-9-]{0,14}$/;
/** Sizes of a VPC and of a subnet, in the AWS VPC user guide: /16 to /28. */
const CIDR_PREFIX_MIN = 16;
const CIDR_PREFIX_MAX = 28;
const CIDR_RULE = `an IPv4 range such as 172.31.0.0/16, with a prefix of ${CIDR_PREFIX_MIN} to ${CIDR_PREFIX_MAX} bits`;

/** What is wrong with the options, as the end of a sentence that starts with the name of a setting; undefined: nothing. */
export function networkProblem({
  name = NETWORK_NAME_DEFAULT,
  vpcCidr,
  subnets = {},
}: NetworkOptions): { readonly option: 'name' | 'vpcCidr' | 'subnets'; readonly text: string } | undefined {
  if (!NETWORK_NAME.test(name)) return { option: 'name', text: 'must be the name of a network interface' };
  const vpc = vpcCidr === undefined ? undefined : rangeOf(vpcCidr);
  if (vpcCidr !== undefined && vpc === undefined) return { option: 'vpcCidr', text: `must be ${CIDR_RULE}` };
  const ranges = Object.entries(subnets).map(([id, cidr]) => ({ id, range: rangeOf(cidr) }));
  if (ranges.length > 0 && vpc === undefined)
    return { option: 'subnets', text: 'are parts of a range that has to be given, too' };
  for (const [index, { id, range }] of ranges.entries()) {
    const problem = (text: string) => ({ option: 'subnets' as const, text: `must have ${text} at ${id}` });
    if (range === undefined) return problem(CIDR_RULE);
    if (vpc === undefined || !isWithin(range, vpc)) return problem(`a part of ${vpcCidr}`);
    const other = ranges
      .slice(0, index)
      .find((earlier) => earlier.range !== undefined && overlap(earlier.range, range));
    if (other !== undefined) return problem(`a range that does not overlap with that of ${other.id}`);
  }
  return undefined;
}

function rangeOf(cidr: string): ReturnType<typeof ipv4Range> {
  const prefix = Number(cidr.split('/')[1]);
  return prefix >= CIDR_PREFIX_MIN && prefix <= CIDR_PREFIX_MAX ? ipv4Range(cidr) : undefined;
}
