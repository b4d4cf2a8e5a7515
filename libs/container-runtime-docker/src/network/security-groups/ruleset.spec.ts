import { describe, expect, test } from '@jest/globals';
import { readSecurityGroups } from './groups-file.ts';
import { rulesetOf, tableNameOf } from './ruleset.ts';

const file = (groups: unknown): ReturnType<typeof readSecurityGroups> => readSecurityGroups(JSON.stringify(groups));
const rule = (members: object): object => ({
  'sg-a': { ingress: [{ protocol: 'tcp', from: ['0.0.0.0/0'], ...members }] },
});

describe('the rules of security groups', () => {
  test('replace the table of the agent as a whole', () => {
    const groups = file({
      'sg-web': {
        ingress: [
          { protocol: 'tcp', ports: '80', from: ['10.0.0.0/8', 'sg-lb'] },
          { protocol: 'udp', ports: '8000-8100', from: ['0.0.0.0/0'] },
          { protocol: 'tcp', from: ['sg-lb'] },
          { protocol: 'icmp', from: ['sg-web'] },
          { protocol: 'all', from: ['192.168.7.1/32'] },
        ],
      },
      'sg-lb': {},
    });
    const members = [
      { address: '10.1.0.4', securityGroups: ['sg-web'] },
      { address: '10.1.0.5', securityGroups: ['sg-web', 'sg-lb'] },
    ];
    expect(rulesetOf('waybill_i', groups, members)).toBe(`table ip waybill_i
delete table ip waybill_i
table ip waybill_i {
  set members {
    type ipv4_addr
    elements = { 10.1.0.4, 10.1.0.5 }
  }
  set group_0 {
    type ipv4_addr
    comment "sg-web"
    elements = { 10.1.0.4, 10.1.0.5 }
  }
  set group_1 {
    type ipv4_addr
    comment "sg-lb"
    elements = { 10.1.0.5 }
  }
  chain forward {
    type filter hook forward priority filter - 10; policy accept;
    ct state established,related accept
    ip daddr @members goto ingress
  }
  chain ingress {
    ip daddr @group_0 ip saddr 10.0.0.0/8 tcp dport 80 accept
    ip daddr @group_0 ip saddr @group_1 tcp dport 80 accept
    ip daddr @group_0 udp dport 8000-8100 accept
    ip daddr @group_0 ip saddr @group_1 meta l4proto tcp accept
    ip daddr @group_0 ip saddr @group_0 meta l4proto icmp accept
    ip daddr @group_0 ip saddr 192.168.7.1/32 accept
    drop
  }
}
`);
  });

  test('of nobody are none but the end', () => {
    expect(rulesetOf('t', file({}), [])).not.toContain('elements');
  });

  test('are in a table that is named after the agent', () => {
    expect(tableNameOf('0af1')).toBe('waybill_0af1');
    expect(tableNameOf('rack-7')).toBe('waybill_rack_2d_7');
    expect(tableNameOf('rack_7')).toBe('waybill_rack_5f_7');
  });
});

describe('a file of security groups', () => {
  test.each([
    ['a list', [], 'the file must be an object'],
    ['a group that is a list', { 'sg-a': [] }, 'sg-a must be an object'],
    ['something that is not enforced', { 'sg-a': { egress: [] } }, 'sg-a: egress is not a member of it'],
    ['an unknown member', rule({ port: 80 }), 'sg-a: ingress[0]: port is not a member of it'],
    ['an unknown protocol', rule({ protocol: 'sctp' }), 'protocol must be one of tcp, udp, icmp, all'],
    ['ports of icmp', rule({ protocol: 'icmp', ports: '80' }), 'icmp has no ports'],
    ['ports that end before they start', rule({ ports: '90-80' }), 'ports must be "80" or "8000-8100"'],
    ['a port that does not exist', rule({ ports: '70000' }), 'ports must be'],
    ['no port', rule({ ports: 'http' }), 'ports must be'],
    ['no source', rule({ from: [] }), 'from must be a list of IPv4 ranges and security groups'],
    ['an unknown source', rule({ from: ['sg-z'] }), 'sg-z is neither an IPv4 range nor a group of the file'],
    ['an address with bits beside its prefix', rule({ from: ['10.0.0.1/8'] }), '10.0.0.1/8 is neither'],
  ])('with %s is refused', (_name, groups, message) => {
    expect(() => file(groups)).toThrow(message);
  });

  test('takes a port as a number, too', () => {
    expect(file(rule({ ports: 80 })).get('sg-a')?.[0]?.ports).toEqual({ first: 80, last: 80 });
  });
});
