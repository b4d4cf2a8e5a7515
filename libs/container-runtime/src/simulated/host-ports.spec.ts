import { describe, expect, test } from '@jest/globals';
import { containerSpecOf } from '#libs/testing';
import type { PortMapping, TaskDefinition } from '#libs/ecs/messages';
import { HostPorts } from './host-ports.ts';

const publishing = (portMappings: readonly PortMapping[], task: Partial<TaskDefinition> = {}) =>
  containerSpecOf({ instanceId: 'i', image: 'app:1' }, { portMappings }, task);

describe('the published ports of a host', () => {
  test('a range gets as many host ports in a row, and gives them back', () => {
    const ports = new HostPorts();
    const [first] = bindings(ports, [{ containerPortRange: '8000-8009', protocol: 'udp' }]);
    expect(first).toEqual({
      bindIP: '0.0.0.0',
      containerPortRange: '8000-8009',
      hostPortRange: '32768-32777',
      protocol: 'udp',
    });
    expect(bindings(ports, [{ containerPortRange: '80-81', protocol: 'udp' }])).toMatchObject([
      { hostPortRange: '32778-32779' },
    ]);
    if (first !== undefined) ports.release([first]);
    const [all] = bindings(ports, [{ containerPortRange: '1-28220', protocol: 'udp' }]);
    expect(all).toMatchObject({ hostPortRange: '32780-60999' });
    expect(bindings(ports, [{ containerPortRange: '1-10', protocol: 'udp' }])).toMatchObject([
      { hostPortRange: '32768-32777' },
    ]);
  });

  test('a range that finds no room takes nothing', () => {
    const ports = new HostPorts();
    const mappings = [{ containerPort: 80, hostPort: 8080 }, { containerPortRange: '1-65535' }];
    expect(ports.publish(publishing(mappings))).toBe('65535 free host ports in a row are not to be had');
    expect(bindings(ports, [{ containerPort: 80, hostPort: 8080 }])).toHaveLength(1);
  });

  test.each(['awsvpc', 'host', 'none'] as const)('network mode %s publishes nothing', (networkMode) => {
    const ports = new HostPorts();
    const spec = publishing([{ containerPort: 80, hostPort: 80 }], { networkMode });
    expect([ports.publish(spec), ports.publish(spec)]).toEqual([[], []]);
  });
});

function bindings(ports: HostPorts, portMappings: readonly PortMapping[]) {
  const published = ports.publish(publishing(portMappings));
  if (typeof published === 'string') throw new Error(published);
  return published;
}
