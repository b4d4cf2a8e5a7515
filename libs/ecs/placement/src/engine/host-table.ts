import { assert } from '#libs/kernel';
import type { HostDescription, TaskDemand } from '../types.ts';
import { countable } from './countable.ts';
import { Host } from './host.ts';

const SLOTS_AT_FIRST = 64;

/**
 * All hosts of a cluster. A host has a slot; amounts that scans compare are in typed arrays by slot, so that a scan reads
 * a few kilobytes in a row instead of following a pointer per host.
 */
export class HostTable {
  /** CPU units; below zero only when a host came back smaller than what runs on it. */
  cpuFree = new Int32Array(SLOTS_AT_FIRST);
  /** MiB. */
  memoryFree = new Int32Array(SLOTS_AT_FIRST);
  taskCount = new Int32Array(SLOTS_AT_FIRST);
  /** +1 with each change of a host that is not about its tasks. */
  epoch = 0;
  /** The epoch at which an attribute of any host, or the set of hosts, last changed. */
  attributesChangedAt = 0;
  /** In the order of registration, which breaks ties. */
  readonly inOrder: Host[] = [];
  readonly #byId = new Map<string, Host>();
  readonly #bySlot: (Host | undefined)[] = [];
  readonly #freeSlots: number[] = [];

  find(hostId: string): Host | undefined {
    return this.#byId.get(hostId);
  }

  /** @throws InvariantBroken */
  get(hostId: string): Host {
    const host = this.#byId.get(hostId);
    assert(host !== undefined, `host ${hostId} is not known to placement`);
    return host;
  }

  at(slot: number): Host {
    const host = this.#bySlot[slot];
    assert(host !== undefined, `slot ${slot} has no host`);
    return host;
  }

  add(hostId: string, description: HostDescription): void {
    assert(!this.#byId.has(hostId), `host ${hostId} is already known to placement`);
    checkAmounts(hostId, description);
    const slot = this.#freeSlots.pop() ?? this.#bySlot.length;
    if (slot >= this.cpuFree.length) this.#grow();
    const host = new Host(hostId, slot, description);
    this.#byId.set(hostId, host);
    this.#bySlot[slot] = host;
    this.inOrder.push(host);
    this.cpuFree[slot] = description.cpu;
    this.memoryFree[slot] = description.memory;
    this.taskCount[slot] = 0;
    this.#changed(host, true);
  }

  update(hostId: string, description: HostDescription): void {
    const host = this.get(hostId);
    checkAmounts(hostId, description);
    const { slot } = host;
    this.cpuFree[slot] = (this.cpuFree[slot] ?? 0) + description.cpu - host.description.cpu;
    this.memoryFree[slot] = (this.memoryFree[slot] ?? 0) + description.memory - host.description.memory;
    host.describe(description);
    this.#changed(host, true);
  }

  remove(hostId: string): void {
    const host = this.get(hostId);
    this.#byId.delete(hostId);
    this.#bySlot[host.slot] = undefined;
    this.#freeSlots.push(host.slot);
    this.inOrder.splice(this.inOrder.indexOf(host), 1);
    this.#changed(host, true);
  }

  setAvailability(hostId: string, connected: boolean, active: boolean): void {
    const host = this.get(hostId);
    if (host.connected === connected && host.active === active) return;
    host.connected = connected;
    host.active = active;
    this.#changed(host, false);
  }

  /** Takes a task's resources; whether they are free was asked before. */
  take(host: Host, demand: TaskDemand): void {
    this.#count(host.slot, demand, -1);
    for (const port of demand.tcpPorts) host.takenTcpPorts.add(port);
    for (const port of demand.udpPorts) host.takenUdpPorts.add(port);
    host.countDevices(demand, 1);
  }

  give(host: Host, demand: TaskDemand): void {
    this.#count(host.slot, demand, 1);
    for (const port of demand.tcpPorts) host.takenTcpPorts.delete(port);
    for (const port of demand.udpPorts) host.takenUdpPorts.delete(port);
    host.countDevices(demand, -1);
  }

  #count(slot: number, demand: TaskDemand, sign: 1 | -1): void {
    this.cpuFree[slot] = (this.cpuFree[slot] ?? 0) + sign * demand.cpu;
    this.memoryFree[slot] = (this.memoryFree[slot] ?? 0) + sign * demand.memory;
    this.taskCount[slot] = (this.taskCount[slot] ?? 0) - sign;
  }

  #changed(host: Host, attributes: boolean): void {
    this.epoch += 1;
    host.changedAt = this.epoch;
    if (attributes) this.attributesChangedAt = this.epoch;
  }

  #grow(): void {
    this.cpuFree = doubled(this.cpuFree);
    this.memoryFree = doubled(this.memoryFree);
    this.taskCount = doubled(this.taskCount);
  }
}

function checkAmounts(hostId: string, { cpu, memory }: HostDescription): void {
  assert(countable(cpu) === cpu && countable(memory) === memory, `host ${hostId} has amounts that cannot be counted`);
}

function doubled(amounts: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(amounts.length * 2);
  larger.set(amounts);
  return larger;
}
