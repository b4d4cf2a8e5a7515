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
  const hostPorts: PortRange[] = [];
  return firstRefusal(input.containerDefinitions, (container) => {
    const mappings = container.portMappings ?? [];
    if (mappings.length > 0 && input.networkMode === 'none') {
      return clientError('Port mappings are not supported when networkMode=none.');
    }
    return (
      firstRefusal(
        mappings,
        (mapping) =>
          checkNumbers(mapping, container) ?? checkMode(mapping, input.networkMode) ?? checkName(mapping, names),
      ) ??
      checkRanges(mappings, container, input.networkMode) ??
      firstRefusal(mappings, (mapping) => checkHostPorts(mapping, input.networkMode, hostPorts))
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

/** The ports that a mapping takes, of a container or of its host. */
interface PortRange {
  readonly from: number;
  readonly to: number;
  readonly protocol: 'tcp' | 'udp';
}

function overlap(a: PortRange, b: PortRange): boolean {
  return a.protocol === b.protocol && a.from <= b.to && b.from <= a.to;
}

/** Two containers of one task cannot have the same port of their host, or of the interface that they share. */
function checkHostPorts(mapping: PortMapping, networkMode: string | undefined, taken: PortRange[]): Rejection | null {
  const sharesPorts = networkMode === 'host' || networkMode === 'awsvpc';
  const ports = sharesPorts ? containerPorts(mapping) : single(mapping.hostPort, mapping);
  if (ports === null) return null;
  const { from, to, protocol } = ports;
  if (taken.some((other) => overlap(other, ports))) {
    const name = from === to ? `The host port ${from}/${protocol} is` : `The host ports ${from}-${to}/${protocol} are`;
    return clientError(`${name} used by more than one port mapping of the task.`);
  }
  taken.push(ports);
  return null;
}

function checkRanges(
  mappings: readonly PortMapping[],
  { name = '' }: ContainerInput,
  networkMode: string | undefined,
): Rejection | null {
  const ranges = mappings.filter(({ containerPortRange }) => containerPortRange !== undefined);
  if (ranges.length === 0) return null;
  const refuse = (detail: string): Rejection => clientError(`Invalid port range for container '${name}'. ${detail}`);
  if (networkMode === 'host') return refuse('Port ranges need network mode bridge or awsvpc.');
  if (ranges.length > PORT_RANGES_MAX) return refuse(`There can be at most ${PORT_RANGES_MAX}.`);
  // Single ports first: one of them may lie in a range.
  const taken = mappings.flatMap((mapping) => single(mapping.containerPort, mapping) ?? []);
  for (const mapping of ranges) {
    const ports = containerPorts(mapping);
    if (ports === null) return refuse(`'${mapping.containerPortRange ?? ''}' is no range of ports.`);
    if (taken.some((other) => overlap(other, ports))) return refuse('Ranges overlap.');
    taken.push(ports);
  }
  return null;
}

/** The ports of the container that are mapped; null for none, and for what is no range. */
function containerPorts(mapping: PortMapping): PortRange | null {
  const { containerPort, containerPortRange } = mapping;
  if (containerPortRange === undefined) return single(containerPort, mapping);
  const match = RANGE.exec(containerPortRange);
  const [from, to] = [Number(match?.[1]), Number(match?.[2])];
  return isPort(from) && isPort(to) && from < to ? { from, to, protocol: protocolOf(mapping) } : null;
}

/** 0 is a port that the host chooses. */
function single(port: number | undefined, mapping: PortMapping): PortRange | null {
  return port === undefined || port === 0 ? null : { from: port, to: port, protocol: protocolOf(mapping) };
}

function protocolOf({ protocol }: PortMapping): 'tcp' | 'udp' {
  return protocol?.toLowerCase() === 'udp' ? 'udp' : 'tcp';
}

function isPort(port: number): boolean {
  return Number.isInteger(port) && port >= 1 && port <= PORT_MAX;
}
