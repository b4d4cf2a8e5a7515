import { REFUSALS } from '#libs/ecs/placement';
import type { HostRemaining, PlacementEngine, Refusal, TaskDemand } from '#libs/ecs/placement';
import type { TaskState } from '../cluster-state.ts';

/** What the placements of one command take on one host, on top of what the engine knows. */
interface Taken {
  /** The host's only placement so far; the books below are opened with the second one. */
  first: TaskState | null;
  remaining: HostRemaining | undefined;
  cpu: number;
  memory: number;
  readonly tcpPorts: Set<number>;
  readonly udpPorts: Set<number>;
  readonly devices: Map<string, number>;
  readonly groups: Set<string>;
}

/**
 * Checks the placements of one command one after the other, each against the engine and against those before it, without
 * changing anything. What passes can be reserved in this order (S7, S8).
 */
export class PlacementCheck {
  readonly #engine: PlacementEngine;
  readonly #taken = new Map<string, Taken>();

  constructor(engine: PlacementEngine) {
    this.#engine = engine;
  }

  /** Why this host cannot take the task, or null: then the task counts as placed there. */
  refusalOf(task: TaskState, hostId: string): Refusal | null {
    const { demand } = task;
    const { group, launchType, placementConstraints: constraints } = task.template;
    const refused = this.#engine.refusalOf(hostId, { demand, launchType, group, constraints });
    if (refused !== null) return refused;
    const taken = this.#taken.get(hostId);
    if (taken === undefined) {
      this.#taken.set(hostId, emptyBook(task));
      return null;
    }
    if (taken.first !== null) {
      enter(taken, taken.first);
      taken.first = null;
      taken.remaining = this.#engine.remaining(hostId);
    }
    const reason = reasonAfter(taken, task);
    if (reason !== null) return { reason };
    enter(taken, task);
    return null;
  }
}

function emptyBook(first: TaskState): Taken {
  return {
    first,
    remaining: undefined,
    cpu: 0,
    memory: 0,
    tcpPorts: new Set(),
    udpPorts: new Set(),
    devices: new Map(),
    groups: new Set(),
  };
}

function reasonAfter(taken: Taken, task: TaskState): string | null {
  const { remaining } = taken;
  const { demand, template } = task;
  if (remaining === undefined || taken.cpu + demand.cpu > remaining.cpu) return REFUSALS.cpu;
  if (taken.memory + demand.memory > remaining.memory) return REFUSALS.memory;
  if (takesTakenPort(taken, demand)) return REFUSALS.ports;
  const device = missingDevice(taken, remaining, demand);
  if (device !== undefined) return REFUSALS.device(device);
  return isDistinct(task) && taken.groups.has(template.group) ? REFUSALS.distinctInstance : null;
}

function enter(taken: Taken, task: TaskState): void {
  const { demand, template } = task;
  taken.cpu += demand.cpu;
  taken.memory += demand.memory;
  for (const port of demand.tcpPorts) taken.tcpPorts.add(port);
  for (const port of demand.udpPorts) taken.udpPorts.add(port);
  for (const [type, count] of Object.entries(demand.devices ?? {})) {
    taken.devices.set(type, (taken.devices.get(type) ?? 0) + count);
  }
  taken.groups.add(template.group);
}

function missingDevice(taken: Taken, remaining: HostRemaining, { devices = {} }: TaskDemand): string | undefined {
  return Object.entries(devices)
    .find(([type, count]) => (taken.devices.get(type) ?? 0) + count > (remaining.devices[type] ?? 0))
    ?.at(0) as string | undefined;
}

function takesTakenPort(taken: Taken, demand: TaskDemand): boolean {
  return (
    demand.tcpPorts.some((port) => taken.tcpPorts.has(port)) || demand.udpPorts.some((port) => taken.udpPorts.has(port))
  );
}

function isDistinct(task: TaskState): boolean {
  return task.template.placementConstraints.some(({ type }) => type === 'distinctInstance');
}
