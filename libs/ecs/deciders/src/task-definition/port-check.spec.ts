import { describe, expect, test } from '@jest/globals';
import type { PortMapping, TaskDefinitionInput } from '#libs/ecs/messages';
import { AccountUnderTest, container } from '../../spec/account-builder.ts';
import { PORT_RANGES_MAX } from './port-check.ts';

type Mode = TaskDefinitionInput['networkMode'] & string;
const range = (containerPortRange: string, members: PortMapping = {}): PortMapping => ({
  containerPortRange,
  ...members,
});
const ranges = (count: number): PortMapping[] =>
  Array.from({ length: count }, (_, i) => range(`${1_000 + i * 10}-${1_009 + i * 10}`));

/** What registering containers with these mappings comes to. */
function refusal(networkMode: Mode, ...containers: readonly (readonly PortMapping[])[]): string {
  const containerDefinitions = containers.map((portMappings, i) => container({ name: `c${i}`, portMappings }));
  return new AccountUnderTest().refusal({ networkMode, containerDefinitions });
}

describe('ranges of ports', () => {
  test.each<[string, Mode, readonly PortMapping[], string]>([
    [
      'with a host port',
      'bridge',
      [range('80-90', { hostPort: 80 })],
      "Invalid port mapping for container 'c0'. containerPortRange stands alone.",
    ],
    [
      'with a container port',
      'bridge',
      [range('80-90', { containerPort: 80 })],
      "Invalid port mapping for container 'c0'. containerPortRange stands alone.",
    ],
    [
      'on the host network',
      'host',
      [range('80-90')],
      "Invalid port range for container 'c0'. Port ranges need network mode bridge or awsvpc.",
    ],
    ['of one port', 'bridge', [range('80-80')], "Invalid port range for container 'c0'. '80-80' is no range of ports."],
    [
      'the wrong way round',
      'awsvpc',
      [range('90-80')],
      "Invalid port range for container 'c0'. '90-80' is no range of ports.",
    ],
    [
      'beyond the last port',
      'bridge',
      [range('65000-65536')],
      "Invalid port range for container 'c0'. '65000-65536' is no range of ports.",
    ],
    [
      'that are no ports',
      'bridge',
      [range('http')],
      "Invalid port range for container 'c0'. 'http' is no range of ports.",
    ],
    [
      'that overlap',
      'awsvpc',
      [range('80-90'), range('90-99')],
      "Invalid port range for container 'c0'. Ranges overlap.",
    ],
    [
      'that hold a port which is mapped itself',
      'bridge',
      [range('80-90'), { containerPort: 85 }],
      "Invalid port range for container 'c0'. Ranges overlap.",
    ],
    [
      'too many',
      'bridge',
      ranges(PORT_RANGES_MAX + 1),
      `Invalid port range for container 'c0'. There can be at most ${PORT_RANGES_MAX}.`,
    ],
  ])('not %s', (_name, networkMode, mappings, text) => {
    expect(refusal(networkMode, mappings)).toBe(text);
  });

  test('of two containers with one network interface must not overlap', () => {
    const containers = [[range('80-90')], [range('85-95')]];
    expect(refusal('awsvpc', ...containers)).toBe(
      'The host ports 85-95/tcp are used by more than one port mapping of the task.',
    );
    expect(refusal('awsvpc', [range('80-90')], [{ containerPort: 85 }])).toBe(
      'The host port 85/tcp is used by more than one port mapping of the task.',
    );
    expect(refusal('bridge', ...containers)).toBe('accepted');
  });

  test.each<[string, Mode, readonly PortMapping[]]>([
    ['side by side', 'bridge', [range('80-90'), range('91-99'), { containerPort: 100 }]],
    ['the same for both protocols', 'awsvpc', [range('80-90'), range('80-90', { protocol: 'udp' })]],
    ['as many as there may be', 'bridge', ranges(PORT_RANGES_MAX)],
  ])('%s', (_name, networkMode, mappings) => {
    expect(refusal(networkMode, mappings)).toBe('accepted');
  });
});
