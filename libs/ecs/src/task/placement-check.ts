import type { HostRemaining, PlacementEngine, TaskDemand } from '#libs/scheduling';
import type { TaskState } from '../cluster-state.ts';

const DISTINCT_INSTANCE_REFUSAL = 'DistinctInstance placement constraint unsatisfied';

/** What the placements of one command take on one host, on top of what the engine knows. */
interface Taken {
  /** The host's only placement so far; the books below are opened with the second one. */
  first: TaskState | null;
  remaining: HostRemaining | undefined;
  cpu: number;
  memory: number;
  readonly tcpPorts: Set<number>;
  readonly udpPorts: Set<number>;
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
  refusalOf(task: TaskState, hostId: string): string | null {
    const { demand } = task;
    const { group, placementConstraints: constraints } = task.template;
    const refused = this.#engine.refusalOf(hostId, { demand, group, constraints });
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
    const refusal = refusalAfter(taken, task);
    if (refusal === null) enter(taken, task);
    return refusal;
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
    groups: new Set(),
  };
}

function refusalAfter(taken: Taken, task: TaskState): string | null {
  const { remaining } = taken;
  const { demand, template } = task;
  if (remaining === undefined || taken.cpu + demand.cpu > remaining.cpu) return 'RESOURCE:CPU';
  if (taken.memory + demand.memory > remaining.memory) return 'RESOURCE:MEMORY';
  if (takesTakenPort(taken, demand)) return 'RESOURCE:PORTS';
  return isDistinct(task) && taken.groups.has(template.group) ? DISTINCT_INSTANCE_REFUSAL : null;
}

function enter(taken: Taken, task: TaskState): void {
  const { demand, template } = task;
  taken.cpu += demand.cpu;
  taken.memory += demand.memory;
  for (const port of demand.tcpPorts) taken.tcpPorts.add(port);
  for (const port of demand.udpPorts) taken.udpPorts.add(port);
  taken.groups.add(template.group);
}

function takesTakenPort(taken: Taken, demand: TaskDemand): boolean {
  return (
    demand.tcpPorts.some((port) => taken.tcpPorts.has(port)) || demand.udpPorts.some((port) => taken.udpPorts.has(port))
  );
}

function isDistinct(task: TaskState): boolean {
  return task.template.placementConstraints.some(({ type }) => type === 'distinctInstance');
}
