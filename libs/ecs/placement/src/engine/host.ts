import { takesLaunchType } from '#libs/ecs/messages';
import type { HostDescription, TaskDemand } from '../types.ts';
import { countable } from './countable.ts';

/** Resources that a placed task has taken. */
export interface Reservation {
  readonly demand: TaskDemand;
  readonly group: string;
}

/** What the engine knows of one host besides the amounts that are compared in scans (HostTable has those). */
export class Host {
  readonly id: string;
  /** Index into the typed arrays of HostTable; used again after the host is gone. */
  readonly slot: number;
  readonly tasks = new Map<string, Reservation>();
  readonly takenTcpPorts = new Set<number>();
  readonly takenUdpPorts = new Set<number>();
  /** By type; empty on hosts without devices. */
  readonly takenDevices = new Map<string, number>();
  description: HostDescription;
  attributes: ReadonlyMap<string, string> = new Map();
  reservedTcpPorts: ReadonlySet<number> = new Set();
  reservedUdpPorts: ReadonlySet<number> = new Set();
  connected = true;
  active = true;
  /** HostTable.epoch of the last change of anything but its tasks. */
  changedAt = 0;

  constructor(id: string, slot: number, description: HostDescription) {
    this.id = id;
    this.slot = slot;
    this.description = description;
    this.describe(description);
  }

  describe(description: HostDescription): void {
    this.description = description;
    this.attributes = new Map(description.attributes.map(({ name, value }) => [name, value ?? '']));
    this.reservedTcpPorts = new Set(description.reservedTcpPorts);
    this.reservedUdpPorts = new Set(description.reservedUdpPorts);
  }

  /** Whether none of the demand's ports is in use here. A demand that names a port twice can be met nowhere. */
  hasPortsFor(demand: TaskDemand): boolean {
    return (
      allFree(demand.tcpPorts, this.reservedTcpPorts, this.takenTcpPorts) &&
      allFree(demand.udpPorts, this.reservedUdpPorts, this.takenUdpPorts)
    );
  }

  /** The first type of device that is asked for and not free in that number, or undefined. */
  missingDevice({ devices = {} }: TaskDemand): string | undefined {
    return Object.keys(devices).find((type) => !(countable(devices[type] ?? 0) <= this.freeDevices(type)));
  }

  takes(launchType: string): boolean {
    return takesLaunchType(this.description.launchTypes, launchType);
  }

  freeDevices(type: string): number {
    return (this.description.devices?.[type] ?? 0) - (this.takenDevices.get(type) ?? 0);
  }

  countDevices({ devices = {} }: TaskDemand, difference: 1 | -1): void {
    for (const [type, count] of Object.entries(devices)) {
      this.takenDevices.set(type, (this.takenDevices.get(type) ?? 0) + difference * count);
    }
  }
}

function allFree(ports: readonly number[], reserved: ReadonlySet<number>, taken: ReadonlySet<number>): boolean {
  for (let i = 0; i < ports.length; i++) {
    const port = ports[i] ?? 0;
    if (reserved.has(port) || taken.has(port) || ports.indexOf(port) !== i) return false;
  }
  return true;
}
