import type { InstanceResources, Rejection } from '#libs/ecs/messages';
import { clientError, invalidParameter } from '../shared/rejections.ts';

/** Reserved ports an instance and protocol. */
export const RESERVED_PORTS_MAX = 100;
const PORT_MAX = 65_535;

export function checkResources(resources: InstanceResources): Rejection | null {
  const { cpu, memory, reservedTcpPorts, reservedUdpPorts } = resources;
  if (!Number.isInteger(cpu) || cpu <= 0 || !Number.isInteger(memory) || memory <= 0) {
    return invalidParameter('An instance registers with CPU and MEMORY as positive integers.');
  }
  for (const ports of [reservedTcpPorts, reservedUdpPorts]) {
    if (ports.length > RESERVED_PORTS_MAX) {
      return invalidParameter(`An instance can reserve at most ${RESERVED_PORTS_MAX} ports of a protocol.`);
    }
    if (!ports.every((port) => Number.isInteger(port) && port > 0 && port <= PORT_MAX)) {
      return invalidParameter(`Reserved ports are integers from 1 to ${PORT_MAX}.`);
    }
  }
  return null;
}

/**
 * An agent may not come back with less than its tasks were placed against: less CPU or memory, a device gone, more ports
 * reserved. ECS refuses it as a change of the instance type.
 */
export function checkNotShrunk(
  instanceId: string,
  registered: InstanceResources,
  reported: InstanceResources,
): Rejection | null {
  const shrunk =
    reported.cpu < registered.cpu ||
    reported.memory < registered.memory ||
    !includesAll(registered.reservedTcpPorts, reported.reservedTcpPorts) ||
    !includesAll(registered.reservedUdpPorts, reported.reservedUdpPorts) ||
    !includesAll(reported.gpuIds ?? [], registered.gpuIds ?? []);
  if (!shrunk) return null;
  return clientError(
    'Container instance type changes are not supported. ' +
      `Container instance ${instanceId} was previously registered with ${registered.cpu} CPU units and ` +
      `${registered.memory} MiB of memory, and can only come back with as much.`,
  );
}

export function sameResources(a: InstanceResources, b: InstanceResources): boolean {
  return (
    a.cpu === b.cpu &&
    a.memory === b.memory &&
    sameItems(a.reservedTcpPorts, b.reservedTcpPorts) &&
    sameItems(a.reservedUdpPorts, b.reservedUdpPorts) &&
    sameItems(a.gpuIds ?? [], b.gpuIds ?? [])
  );
}

function includesAll<Item>(all: readonly Item[], some: readonly Item[]): boolean {
  return some.every((item) => all.includes(item));
}

function sameItems<Item>(a: readonly Item[], b: readonly Item[]): boolean {
  return a.length === b.length && includesAll(a, b);
}
