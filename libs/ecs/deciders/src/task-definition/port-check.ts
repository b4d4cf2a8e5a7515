import type { ContainerInput, PortMapping, Rejection, TaskDefinitionInput } from '#libs/ecs/messages';
import { clientError } from '../shared/rejections.ts';
import { firstRefusal } from './first-refusal.ts';

const PORT_MAX = 65_535;
/** Port ranges per container. */
export const PORT_RANGES_MAX = 100;

const MAPPING_NAME = /^[a-z0-9_][a-z0-9_-]{0,63}$/;
const RANGE = /^(\d{1,5})-(\d{1,5})$/;

/**
 * Port mappings against the network mode and against one another. One container port may be mapped for tcp and for udp
 * (DNS, syslog, HTTP/3): ECS refuses that only for a service with a load balancer, whatever its reference says.
 */
export function checkPorts(input: TaskDefinitionInput): Rejection | null {
  const names = new Set<string>();
  const hostPorts = new Set<string>();
  return firstRefusal(input.containerDefinitions, (container) => {
    const mappings = container.portMappings ?? [];
    if (mappings.length > 0 && input.networkMode === 'none') {
      return clientError('Port mappings are not supported when networkMode=none.');
    }
    return (
      firstRefusal(
        mappings,
        (mapping) =>
          checkNumbers(mapping, container) ??
          checkMode(mapping, input.networkMode) ??
          checkName(mapping, names) ??
          checkHostPort(mapping, input.networkMode, hostPorts),
      ) ?? checkRanges(mappings, container, input.networkMode)
    );
  });
}

function checkNumbers(mapping: PortMapping, { name = '' }: ContainerInput): Rejection | null {
  const { containerPort, containerPortRange: range, hostPort } = mapping;
  if (containerPort === undefined && range === undefined) {
    return clientError(`Invalid port mapping for container '${name}'. A container port must be specified.`);
  }
  if (range !== undefined && (containerPort !== undefined || hostPort !== undefined)) {
    return clientError(`Invalid port mapping for container '${name}'. containerPortRange stands alone.`);
  }
  if (containerPort !== undefined && !isPort(containerPort)) {
    return clientError(`Invalid container port ${containerPort} for container '${name}'.`);
  }
  if (hostPort !== undefined && hostPort !== 0 && !isPort(hostPort)) {
    return clientError(`Invalid host port ${hostPort} for container '${name}'.`);
  }
  return null;
}

/** Where there is no bridge, a container's port is the host's or the interface's own. */
function checkMode({ containerPort, hostPort }: PortMapping, networkMode: string | undefined): Rejection | null {
  if (networkMode !== 'host' && networkMode !== 'awsvpc') return null;
  if (hostPort === undefined || hostPort === 0 || hostPort === containerPort) return null;
  return clientError(
    `When networkMode=${networkMode}, the host ports and container ports in port mappings must match.`,
  );
}

function checkName({ name }: PortMapping, names: Set<string>): Rejection | null {
  if (name === undefined) return null;
  if (!MAPPING_NAME.test(name)) return clientError(`Invalid port mapping name: '${name}'.`);
  if (names.has(name)) return clientError(`The port mapping name '${name}' is not unique within the task.`);
  names.add(name);
  return null;
}

/** Two containers of one task cannot have the same port of their host. */
function checkHostPort(
  mapping: PortMapping,
  networkMode: string | undefined,
  hostPorts: Set<string>,
): Rejection | null {
  const sharesPorts = networkMode === 'host' || networkMode === 'awsvpc';
  const port = (sharesPorts ? mapping.containerPort : mapping.hostPort) ?? 0;
  if (port === 0) return null;
  const key = `${port}/${protocolOf(mapping)}`;
  if (hostPorts.has(key)) return clientError(`The host port ${key} is used by more than one port mapping of the task.`);
  hostPorts.add(key);
  return null;
}

function checkRanges(
  mappings: readonly PortMapping[],
  { name = '' }: ContainerInput,
  networkMode: string | undefined,
): Rejection | null {
  const texts = mappings.map(({ containerPortRange }) => containerPortRange).filter((text) => text !== undefined);
  if (texts.length === 0) return null;
  const refuse = (detail: string): Rejection => clientError(`Invalid port range for container '${name}'. ${detail}`);
  if (networkMode === 'host') return refuse('Port ranges need network mode bridge or awsvpc.');
  if (texts.length > PORT_RANGES_MAX) return refuse(`There can be at most ${PORT_RANGES_MAX}.`);
  const ranges: (readonly [number, number])[] = [];
  for (const text of texts) {
    const range = rangeOf(text);
    if (range === null) return refuse(`'${text}' is no range of ports.`);
    const [from, to] = range;
    if (ranges.some(([otherFrom, otherTo]) => from <= otherTo && otherFrom <= to)) return refuse('Ranges overlap.');
    ranges.push(range);
  }
  return null;
}

function rangeOf(text: string): readonly [number, number] | null {
  const match = RANGE.exec(text);
  if (match === null) return null;
  const from = Number(match[1]);
  const to = Number(match[2]);
  return isPort(from) && isPort(to) && from < to ? [from, to] : null;
}

function protocolOf({ protocol }: PortMapping): 'tcp' | 'udp' {
  return protocol?.toLowerCase() === 'udp' ? 'udp' : 'tcp';
}

function isPort(port: number): boolean {
  return Number.isInteger(port) && port >= 1 && port <= PORT_MAX;
}
