import { describe, expect, test } from '@jest/globals';
import { containerSpecOf } from '#libs/testing';
import { bindingsWithRanges, freeHostPorts, portRangesOf, unpublishedRanges, withPortRanges } from './port-ranges.ts';

const range = (first: number, last: number, protocol: 'tcp' | 'udp' = 'tcp') => ({ first, last, protocol });
const nothingTaken = (): boolean => false;

describe('free ports of the host for a range', () => {
  test('start where connections and Docker itself take none', () => {
    expect(freeHostPorts([range(8000, 8009)], nothingTaken, 0)).toEqual([61_000]);
    expect(freeHostPorts([range(8000, 8009)], nothingTaken, 0.5)).toEqual([63_268]);
  });

  test('follow each other for two ranges, and are the same for two protocols', () => {
    expect(freeHostPorts([range(1, 10), range(20, 21), range(1, 5, 'udp')], nothingTaken, 0)).toEqual([
      61_000, 61_010, 61_000,
    ]);
  });

  test('have no taken one between them', () => {
    const taken = new Set([61_003, 61_010]);
    expect(freeHostPorts([range(1, 7)], (port) => taken.has(port), 0)).toEqual([61_011]);
    expect(freeHostPorts([range(1, 6)], (port) => taken.has(port), 0)).toEqual([61_004]);
  });

  test('are looked for everywhere, wherever the search starts', () => {
    expect(freeHostPorts([range(1, 3)], (port) => port > 61_002 || port < 61_000, 0.9)).toEqual([61_000]);
    expect(freeHostPorts([range(1, 3)], (port) => port > 40_002 || port < 40_000, 0.999)).toEqual([40_000]);
    expect(freeHostPorts([range(1, 4)], (port) => port > 40_002 || port < 40_000, 0)).toBeUndefined();
  });
});

describe('a container with a port range', () => {
  const portMappings = [{ containerPort: 80 }, { containerPortRange: '8000-8001', protocol: 'udp' as const }];
  const spec = containerSpecOf({ instanceId: 'i', image: 'a' }, { portMappings });

  test('publishes single ports, and says which belong together', () => {
    expect(portRangesOf(portMappings)).toEqual([range(8000, 8001, 'udp')]);
    const { container } = withPortRanges(spec, [61_000]);
    expect(container.portMappings).toEqual([
      { containerPort: 80 },
      { containerPort: 8000, hostPort: 61_000, protocol: 'udp' },
      { containerPort: 8001, hostPort: 61_001, protocol: 'udp' },
    ]);
    expect(container.dockerLabels).toEqual({ 'waybill.port-ranges': '8000-8001/udp' });
  });

  test('publishes nothing in the network of its task', () => {
    expect(withPortRanges(spec, []).container.portMappings).toEqual([{ containerPort: 80 }]);
    expect(unpublishedRanges('8000-8001/udp')).toEqual([
      { bindIP: '0.0.0.0', containerPortRange: '8000-8001', hostPortRange: '8000-8001', protocol: 'udp' },
    ]);
  });

  test('is shown with the range as one', () => {
    const bindIP = '0.0.0.0';
    const single = (containerPort: number, hostPort: number, protocol: 'tcp' | 'udp') => {
      return { bindIP, containerPort, hostPort, protocol };
    };
    const bindings = [single(80, 49_153, 'tcp'), single(8000, 61_000, 'udp'), single(8001, 61_001, 'udp')];
    expect(bindingsWithRanges(bindings, '8000-8001/udp')).toEqual([
      single(80, 49_153, 'tcp'),
      { bindIP: '0.0.0.0', containerPortRange: '8000-8001', hostPortRange: '61000-61001', protocol: 'udp' },
    ]);
    expect(bindingsWithRanges(bindings, undefined)).toEqual(bindings);
    expect(bindingsWithRanges([], '8000-8001/udp')).toEqual([]);
  });

  test('without ranges stays as it is', () => {
    const plain = containerSpecOf({ instanceId: 'i', image: 'a' });
    expect(withPortRanges(plain, [])).toBe(plain);
  });
});
