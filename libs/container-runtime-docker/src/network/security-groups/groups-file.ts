import { ipv4Range } from '../cidr.ts';

/** Who may reach the members of a security group, and where. */
export interface IngressRule {
  readonly protocol: 'tcp' | 'udp' | 'icmp' | 'all';
  /** Both included; absent: all of them. */
  readonly ports?: { readonly first: number; readonly last: number };
  /** IPv4 ranges. */
  readonly ranges: readonly string[];
  /** Security groups, of the same file. */
  readonly groups: readonly string[];
}

/** By group id. */
export type SecurityGroupRules = ReadonlyMap<string, readonly IngressRule[]>;

const PROTOCOLS = ['tcp', 'udp', 'icmp', 'all'] as const;
const PORT_MAX = 65_535;
const GROUP_MEMBERS = ['ingress'];
const RULE_MEMBERS = ['protocol', 'ports', 'from'];

/**
 * Reads `{"sg-web": {"ingress": [{"protocol": "tcp", "ports": "80" | "8000-8100", "from": ["10.0.0.0/8", "sg-lb"]}]}}`.
 * @throws Error with what is wrong and where
 */
export function readSecurityGroups(text: string): SecurityGroupRules {
  const file = objectOf(JSON.parse(text), 'the file');
  const ids = new Set(Object.keys(file));
  return new Map(Object.entries(file).map(([id, group]) => [id, ingressOf(id, group, ids)]));
}

function ingressOf(id: string, value: unknown, ids: ReadonlySet<string>): readonly IngressRule[] {
  const group = objectOf(value, id, GROUP_MEMBERS);
  const { ingress = [] } = group;
  if (!Array.isArray(ingress)) throw new Error(`${id}: ingress must be a list`);
  return ingress.map((rule: unknown, index) => ruleOf(`${id}: ingress[${index}]`, rule, ids));
}

function ruleOf(place: string, value: unknown, ids: ReadonlySet<string>): IngressRule {
  const { protocol, ports, from } = objectOf(value, place, RULE_MEMBERS);
  const known = PROTOCOLS.find((name) => name === protocol);
  if (known === undefined) throw new Error(`${place}: protocol must be one of ${PROTOCOLS.join(', ')}`);
  if (ports !== undefined && known !== 'tcp' && known !== 'udp') throw new Error(`${place}: ${known} has no ports`);
  const sources = Array.isArray(from) ? from.map(String) : [];
  if (sources.length === 0) throw new Error(`${place}: from must be a list of IPv4 ranges and security groups`);
  const ranges = sources.filter((source) => ipv4Range(source) !== undefined);
  const groups = sources.filter((source) => !ranges.includes(source));
  const unknown = groups.find((source) => !ids.has(source));
  if (unknown !== undefined) throw new Error(`${place}: ${unknown} is neither an IPv4 range nor a group of the file`);
  return { protocol: known, ...(ports === undefined ? {} : { ports: portsOf(place, ports) }), ranges, groups };
}

function portsOf(place: string, value: unknown): NonNullable<IngressRule['ports']> {
  const [first = Number.NaN, last = first, ...rest] = /^\d{1,5}(-\d{1,5})?$/.test(String(value))
    ? String(value).split('-').map(Number)
    : [];
  if (rest.length === 0 && first <= last && last <= PORT_MAX) return { first, last };
  throw new Error(`${place}: ports must be "80" or "8000-8100"`);
}

function objectOf(value: unknown, place: string, members?: readonly string[]): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Error(`${place} must be an object`);
  const entries = Object.entries(value);
  const unknown = entries.find(([name]) => members?.includes(name) === false);
  if (unknown !== undefined) throw new Error(`${place}: ${unknown[0]} is not a member of it`);
  return Object.fromEntries(entries);
}
