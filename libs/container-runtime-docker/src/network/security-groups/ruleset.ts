import type { IngressRule, SecurityGroupRules } from './groups-file.ts';

/** A task with an address. */
export interface GroupMember {
  readonly address: string;
  readonly securityGroups: readonly string[];
}

/** Before Docker's own rules, whose acceptance ends nothing that is refused here. */
const PRIORITY = 'filter - 10';
/** The table of one agent. Names of nftables have letters, digits and `_`; what else an id has is written as its code. */
export function tableNameOf(instanceId: string): string {
  return `waybill_${instanceId.replace(/[^A-Za-z0-9]/g, (character) => `_${character.codePointAt(0)?.toString(16)}_`)}`;
}

/**
 * What `nft -f` reads to replace an agent's table as a whole, in one transaction: what a task sends and what belongs to a
 * connection that it has opened passes; what reaches a member has to be allowed by one of its groups.
 */
export function rulesetOf(table: string, groups: SecurityGroupRules, members: readonly GroupMember[]): string {
  const setNames = new Map([...groups.keys()].map((id, index) => [id, `group_${index}`]));
  const addressesOf = (id: string): readonly string[] =>
    members.filter(({ securityGroups }) => securityGroups.includes(id)).map(({ address }) => address);
  return [
    ...removalOf(table),
    `table ip ${table} {`,
    ...setOf(
      'members',
      undefined,
      members.map(({ address }) => address),
    ),
    ...[...setNames].flatMap(([id, name]) => setOf(name, id, addressesOf(id))),
    '  chain forward {',
    `    type filter hook forward priority ${PRIORITY}; policy accept;`,
    '    ct state established,related accept',
    '    ip daddr @members goto ingress',
    '  }',
    '  chain ingress {',
    ...[...groups].flatMap(([id, rules]) =>
      rules.flatMap((rule) => linesOf(setNames.get(id) ?? '', rule, setNames).map((line) => `    ${line}`)),
    ),
    '    drop',
    '  }',
    '}',
    '',
  ].join('\n');
}

/** Removes the table, also where there is none. */
export function removalOf(table: string): readonly string[] {
  return [`table ip ${table}`, `delete table ip ${table}`];
}

function setOf(name: string, comment: string | undefined, addresses: readonly string[]): readonly string[] {
  return [
    `  set ${name} {`,
    '    type ipv4_addr',
    ...(comment === undefined ? [] : [`    comment "${comment.replace(/[^A-Za-z0-9_.-]/g, '?').slice(0, 100)}"`]),
    ...(addresses.length === 0 ? [] : [`    elements = { ${[...new Set(addresses)].join(', ')} }`]),
    '  }',
  ];
}

function linesOf(
  set: string,
  { protocol, ports, ranges, groups }: IngressRule,
  setNames: ReadonlyMap<string, string>,
): readonly string[] {
  const sources = [...ranges, ...groups.map((id) => `@${setNames.get(id) ?? ''}`)];
  return sources.map((source) =>
    [
      `ip daddr @${set}`,
      ...(source === '0.0.0.0/0' ? [] : [`ip saddr ${source}`]),
      ...matchOf(protocol, ports),
      'accept',
    ].join(' '),
  );
}

function matchOf(protocol: IngressRule['protocol'], ports: IngressRule['ports']): readonly string[] {
  if (protocol === 'all') return [];
  if (protocol === 'icmp' || ports === undefined) return [`meta l4proto ${protocol}`];
  const { first, last } = ports;
  return [`${protocol} dport ${first === last ? first : `${first}-${last}`}`];
}
