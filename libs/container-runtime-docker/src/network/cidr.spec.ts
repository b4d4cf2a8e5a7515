import { describe, expect, test } from '@jest/globals';
import { ipv4Number, ipv4Range, ipv4Text } from './cidr.ts';
import { networkProblem } from './network-options.ts';
import { freeAddress, isStillOffered, offeredSubnets } from './subnets.ts';

describe('IPv4 ranges', () => {
  test.each(['0.0.0.0', '10.0.0.1', '192.168.255.254', '255.255.255.255'])('%s is read and written', (text) => {
    expect(ipv4Text(ipv4Number(text) ?? 0)).toBe(text);
  });

  test.each(['10.0.0', '10.0.0.256', '10.0.0.01', '10.0.0.0/8', 'x', ''])('%s is no address', (text) => {
    expect(ipv4Number(text)).toBeUndefined();
  });

  test.each(['10.0.0.0', '10.0.0.1/16', '10.0.0.0/33', '10.0.0.0/x', '10.0.0.0/16/1'])('%s is no range', (text) => {
    expect(ipv4Range(text)).toBeUndefined();
  });
});

describe('what is configured of the network', () => {
  test.each([
    ['nothing', {}],
    ['a range', { vpcCidr: '10.1.0.0/16' }],
    ['subnets of it', { vpcCidr: '10.1.0.0/16', subnets: { a: '10.1.0.0/24', b: '10.1.1.0/24' } }],
  ])('%s is fine', (_name, options) => {
    expect(networkProblem(options)).toBeUndefined();
  });

  test.each([
    ['a name that no interface can have', { name: 'waybill-vpc-of-mine' }, 'name'],
    ['a range that is too small', { vpcCidr: '10.1.0.0/29' }, 'vpcCidr'],
    ['a range that is too large', { vpcCidr: '10.0.0.0/8' }, 'vpcCidr'],
    ['no range', { vpcCidr: 'large' }, 'vpcCidr'],
    ['subnets of no range', { subnets: { a: '10.1.0.0/24' } }, 'subnets'],
    ['a subnet elsewhere', { vpcCidr: '10.1.0.0/16', subnets: { a: '10.2.0.0/24' } }, 'subnets'],
    ['a subnet that is no range', { vpcCidr: '10.1.0.0/16', subnets: { a: '10.1.0.1/24' } }, 'subnets'],
    ['subnets that overlap', { vpcCidr: '10.1.0.0/16', subnets: { a: '10.1.0.0/24', b: '10.1.0.128/25' } }, 'subnets'],
  ])('%s is refused', (_name, options, option) => {
    expect(networkProblem(options)).toMatchObject({ option });
  });
});

describe('the subnet of a task', () => {
  test('is its first one where none are configured', () => {
    expect(offeredSubnets({}, ['subnet-9', 'subnet-8'])).toEqual([{ id: 'subnet-9', range: null }]);
  });

  test('is one of those that are configured', () => {
    const configured = { a: '10.1.0.0/24', b: '10.1.1.0/24' };
    expect(offeredSubnets(configured, ['x', 'b', 'a']).map(({ id }) => id)).toEqual(['b', 'a']);
    expect(offeredSubnets(configured, ['x'])).toEqual([]);
  });

  test.each([
    ['of any range', {}, undefined, '10.1.0.5', true],
    ['of the range', { vpcCidr: '10.1.0.0/16' }, undefined, '10.1.0.5', true],
    ['of another range', { vpcCidr: '10.2.0.0/16' }, undefined, '10.1.0.5', false],
    ['of its subnet', { subnets: { a: '10.1.0.0/24' } }, 'a', '10.1.0.5', true],
    ['of a subnet that has moved', { subnets: { a: '10.1.1.0/24' } }, 'a', '10.1.0.5', false],
    ['of a subnet that has gone', { subnets: { b: '10.1.0.0/24' } }, 'a', '10.1.0.5', false],
    ['of before there were subnets', { subnets: { a: '10.1.0.0/24' } }, undefined, '10.1.0.5', false],
    ['of when there were subnets', { vpcCidr: '10.1.0.0/16' }, 'a', '10.1.0.5', false],
  ])('has an address %s: %#', (_name, options, subnetId, address, expected) => {
    expect(isStillOffered(options, subnetId, address)).toBe(expected);
  });

  test('gives its addresses in turn, and none that is taken', () => {
    const range = { first: 0, last: 7 };
    const free = (taken: readonly string[], last?: string) => freeAddress(range, new Set(taken), last);
    expect(free([])).toBe('0.0.0.4');
    expect(free(['0.0.0.4'])).toBe('0.0.0.5');
    expect(free([], '0.0.0.4')).toBe('0.0.0.5');
    expect(free([], '0.0.0.6')).toBe('0.0.0.4');
    expect(free(['0.0.0.6'], '0.0.0.5')).toBe('0.0.0.4');
    expect(free(['0.0.0.4', '0.0.0.5', '0.0.0.6'])).toBeUndefined();
  });
});
