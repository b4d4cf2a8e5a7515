import type { OwnContainerSpec } from '#libs/container-runtime';
import type { NetworkBinding, PortMapping } from '#libs/ecs/messages';
import { LABELS } from '../container/labels.ts';

/** A `containerPortRange`: consecutive ports of a container, on equally many of the host. */
export interface PortRange {
  readonly first: number;
  readonly last: number;
  readonly protocol: NetworkBinding['protocol'];
}

/**
 * First those that Linux gives to no connection and Docker to no container by itself, then those that they take from. Both
 * ends included.
 */
const HOST_PORTS = [
  { first: 61_000, last: 65_535 },
  { first: 32_768, last: 60_999 },
] as const;

const RANGE = /^(\d+)-(\d+)$/;
const LABELLED = /^(\d+)-(\d+)\/(tcp|udp)$/;

export function portRangesOf(mappings: readonly PortMapping[]): readonly PortRange[] {
  return mappings.flatMap(({ containerPortRange = '', protocol }) => {
    const [, first, last] = RANGE.exec(containerPortRange) ?? [];
    return last === undefined
      ? []
      : [{ first: Number(first), last: Number(last), protocol: protocol === 'udp' ? 'udp' : 'tcp' }];
  });
}

/**
 * A container's ranges as single ports, which is how Docker publishes them, and as a label, by which they are found again.
 * @param hostPorts the first host port of each range, in their order; none for a container that publishes nothing
 */
export function withPortRanges(spec: OwnContainerSpec, hostPorts: readonly number[]): OwnContainerSpec {
  const { container } = spec;
  const ranges = portRangesOf(container.portMappings);
  if (ranges.length === 0) return spec;
  const singles = hostPorts.flatMap((hostFirst, index) => {
    const range = ranges[index];
    return range === undefined
      ? []
      : portsOf(range).map((containerPort, offset) => ({
          containerPort,
          hostPort: hostFirst + offset,
          protocol: range.protocol,
        }));
  });
  const label = ranges.map(({ first, last, protocol }) => `${first}-${last}/${protocol}`).join(',');
  return {
    ...spec,
    container: {
      ...container,
      portMappings: [
        ...container.portMappings.filter((mapping) => mapping.containerPortRange === undefined),
        ...singles,
      ],
      dockerLabels: { ...container.dockerLabels, [LABELS.portRanges]: label },
    },
  };
}

/**
 * Where each of the ranges can be published: as many consecutive ports, of which none is taken. `from` says how far into
 * the host's ports the search starts, 0 to 1, so that two agents rarely try the same ones.
 * @returns the first host port of each; undefined: there is no room
 */
export function freeHostPorts(
  ranges: readonly PortRange[],
  isTaken: (port: number, protocol: PortRange['protocol']) => boolean,
  from: number,
): readonly number[] | undefined {
  const chosen: { readonly first: number; readonly last: number; readonly protocol: string }[] = [];
  for (const range of ranges) {
    const length = range.last - range.first + 1;
    const first = firstFree(length, from, (port) => {
      const isChosen = chosen.some(
        (other) => other.protocol === range.protocol && other.first <= port && port <= other.last,
      );
      return isChosen || isTaken(port, range.protocol);
    });
    if (first === undefined) return undefined;
    chosen.push({ first, last: first + length - 1, protocol: range.protocol });
  }
  return chosen.map(({ first }) => first);
}

function firstFree(length: number, from: number, isTaken: (port: number) => boolean): number | undefined {
  for (const { first, last } of HOST_PORTS) {
    const start = first + Math.floor(from * (last - first + 1));
    for (const [low, high] of [
      [start, last],
      [first, Math.min(last, start + length - 2)],
    ] as const) {
      let free = 0;
      for (let port = low; port <= high; port++) {
        free = isTaken(port) ? 0 : free + 1;
        if (free === length) return port - length + 1;
      }
    }
  }
  return undefined;
}

/** Bindings of single ports with those of one range together, as ECS shows them. */
export function bindingsWithRanges(
  bindings: readonly NetworkBinding[],
  label: string | undefined,
): readonly NetworkBinding[] {
  const ranges = labelledRanges(label);
  const isOf = (range: PortRange, { containerPort = 0, protocol }: NetworkBinding): boolean =>
    protocol === range.protocol && range.first <= containerPort && containerPort <= range.last;
  const singles = bindings.filter((binding) => !ranges.some((range) => isOf(range, binding)));
  const joined = ranges.flatMap((range): NetworkBinding[] => {
    const parts = bindings.filter((binding) => isOf(range, binding));
    const hostPorts = parts.map(({ hostPort = 0 }) => hostPort);
    const [part] = parts;
    if (part === undefined) return [];
    return [rangeBinding(range, part.bindIP, Math.min(...hostPorts), Math.max(...hostPorts))];
  });
  return [...singles, ...joined];
}

/** A container with the address of its task publishes nothing: its ports are those of the address. */
export function unpublishedRanges(label: string | undefined): readonly NetworkBinding[] {
  return labelledRanges(label).map((range) => rangeBinding(range, '0.0.0.0', range.first, range.last));
}

function rangeBinding(
  { first, last, protocol }: PortRange,
  bindIP: string,
  hostFirst: number,
  hostLast: number,
): NetworkBinding {
  return { bindIP, containerPortRange: `${first}-${last}`, hostPortRange: `${hostFirst}-${hostLast}`, protocol };
}

function labelledRanges(label = ''): readonly PortRange[] {
  return label.split(',').flatMap((text) => {
    const [, first, last, protocol] = LABELLED.exec(text) ?? [];
    return protocol === undefined
      ? []
      : [{ first: Number(first), last: Number(last), protocol: protocol === 'udp' ? 'udp' : 'tcp' }];
  });
}

function portsOf({ first, last }: PortRange): readonly number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}
