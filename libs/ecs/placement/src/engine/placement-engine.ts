import { assert } from '#libs/kernel';
import type { PlacementStrategy } from '#libs/ecs/messages';
import { askOf } from '../feasibility/ask.ts';
import type { Ask } from '../feasibility/ask.ts';
import { Feasibility } from '../feasibility/feasibility.ts';
import { ExpressionCache } from '../query/expression-cache.ts';
import { columnsOf } from '../ranking/columns.ts';
import { scaleInOrder } from '../ranking/scale-in.ts';
import { bestSlot, randomSlot } from '../ranking/search.ts';
import type { CostlyCheck } from '../ranking/search.ts';
import { stepsOf } from '../ranking/steps.ts';
import type { Step } from '../ranking/steps.ts';
import { REFUSALS } from '../refusals.ts';
import type { Refusal } from '../refusals.ts';
import type {
  HostDescription,
  HostRefusal,
  HostRemaining,
  PlacementEngine,
  PlacementRequest,
  PlacementResult,
  TaskDemand,
} from '../types.ts';
import { AttributeIndexes } from './attribute-values.ts';
import { GroupTable } from './group-counts.ts';
import { countable } from './countable.ts';
import { HostTable } from './host-table.ts';
import type { Host } from './host.ts';

/** An engine without hosts. */
export function placementEngine(): PlacementEngine {
  return new TablePlacementEngine();
}

/** Everything is private: the canonical text of a state that holds an engine must not contain any of it. */
class TablePlacementEngine implements PlacementEngine {
  readonly #hosts = new HostTable();
  readonly #groups = new GroupTable();
  readonly #indexes = new AttributeIndexes(this.#hosts);
  readonly #expressions = new ExpressionCache();
  readonly #feasibility = new Feasibility(this.#hosts, this.#groups);
  /** Scratch space of `place`, by slot. The counts are all zero between searches. */
  #scratch = { counts: new Int32Array(0), tied: new Int32Array(0) };

  addHost(hostId: string, host: HostDescription): void {
    this.#hosts.add(hostId, host);
  }

  updateHost(hostId: string, host: HostDescription): void {
    this.#hosts.update(hostId, host);
  }

  removeHost(hostId: string): void {
    const host = this.#hosts.get(hostId);
    for (const { group } of host.tasks.values()) this.#countGroup(group, host, -1);
    this.#hosts.remove(hostId);
  }

  setAvailability(hostId: string, connected: boolean, active: boolean): void {
    this.#hosts.setAvailability(hostId, connected, active);
  }

  reserve(hostId: string, taskId: string, demand: TaskDemand, group: string): void {
    const host = this.#hosts.get(hostId);
    assert(!host.tasks.has(taskId), `task ${taskId} already holds resources of host ${hostId}`);
    const cpuFits = countable(demand.cpu) <= (this.#hosts.cpuFree[host.slot] ?? 0);
    const memoryFits = countable(demand.memory) <= (this.#hosts.memoryFree[host.slot] ?? 0);
    assert(cpuFits && memoryFits, `host ${hostId} does not have the CPU or memory that task ${taskId} takes`);
    assert(
      host.missingDevice(demand) === undefined,
      `host ${hostId} does not have the devices that task ${taskId} takes`,
    );
    assert(host.hasPortsFor(demand), `a port that task ${taskId} takes is in use on host ${hostId}`);
    host.tasks.set(taskId, { demand, group });
    this.#hosts.take(host, demand);
    this.#countGroup(group, host, 1);
  }

  release(hostId: string, taskId: string): void {
    const host = this.#hosts.get(hostId);
    const reservation = host.tasks.get(taskId);
    assert(reservation !== undefined, `task ${taskId} holds nothing on host ${hostId}`);
    host.tasks.delete(taskId);
    this.#hosts.give(host, reservation.demand);
    this.#countGroup(reservation.group, host, -1);
  }

  remaining(hostId: string): HostRemaining | undefined {
    const host = this.#hosts.find(hostId);
    if (host === undefined) return undefined;
    return {
      cpu: this.#hosts.cpuFree[host.slot] ?? 0,
      memory: this.#hosts.memoryFree[host.slot] ?? 0,
      usedTcpPorts: sortedUnion(host.reservedTcpPorts, host.takenTcpPorts),
      usedUdpPorts: sortedUnion(host.reservedUdpPorts, host.takenUdpPorts),
      devices: Object.fromEntries(
        Object.keys(host.description.devices ?? {}).map((type) => [type, host.freeDevices(type)]),
      ),
    };
  }

  place(request: PlacementRequest, random: () => number): PlacementResult {
    const ask = askOf(request, this.#expressions);
    const steps = stepsOf(request.strategy, this.#indexes);
    const passes = this.#feasibility.changingCheck(ask);
    const chosen: Host[] = [];
    try {
      while (chosen.length < request.count) {
        const slot = this.#search(ask, steps, passes, random);
        if (slot === -1) break;
        const host = this.#hosts.at(slot);
        chosen.push(host);
        // The next task of the request must see this one, in resources, ports and counts alike.
        this.#hosts.take(host, request.demand);
        this.#countGroup(request.group, host, 1);
      }
      const refusals = chosen.length < request.count ? this.#refusals(ask) : [];
      return { hosts: chosen.map(({ id }) => id), refusals };
    } finally {
      for (const host of chosen) {
        this.#hosts.give(host, request.demand);
        this.#countGroup(request.group, host, -1);
      }
    }
  }

  refusalOf(hostId: string, request: Omit<PlacementRequest, 'count' | 'strategy'>): Refusal | null {
    const host = this.#hosts.find(hostId);
    if (host === undefined) return { reason: REFUSALS.missing };
    return this.#feasibility.refusalOf(host, askOf(request, this.#expressions));
  }

  scaleInOrder(
    tasks: readonly { readonly taskId: string; readonly hostId: string }[],
    strategy: readonly PlacementStrategy[],
    random: () => number,
    countMax = tasks.length,
  ): readonly string[] {
    return scaleInOrder(tasks, stepsOf(strategy, this.#indexes), this.#hosts, random, countMax);
  }

  #refusals(ask: Ask): readonly HostRefusal[] {
    const refusals: HostRefusal[] = [];
    for (const host of this.#hosts.inOrder) {
      if (!host.active || !host.takes(ask.launchType)) continue;
      const refusal = this.#feasibility.refusalOf(host, ask);
      if (refusal !== null) refusals.push({ hostId: host.id, ...refusal });
    }
    return refusals;
  }

  #countGroup(group: string, host: Host, difference: 1 | -1): void {
    this.#groups.add(group, host.slot, difference, this.#hosts.cpuFree.length);
  }

  /** One task's slot, or -1. What follows a random strategy has nothing left to decide. */
  #search(ask: Ask, steps: readonly Step[], passes: CostlyCheck, random: () => number): number {
    const room = this.#hosts.cpuFree.length;
    if (this.#scratch.counts.length < room) {
      this.#scratch = { counts: new Int32Array(room), tied: new Int32Array(room) };
    }
    const scratch = this.#scratch;
    const candidates = this.#feasibility.candidates(ask);
    const group = this.#groups.find(ask.group);
    const draw = steps.findIndex(({ kind }) => kind === 'random');
    const compared = draw === -1 ? steps : steps.slice(0, draw);
    const columns = columnsOf(compared, this.#hosts, ask, group, scratch);
    try {
      return draw === -1
        ? bestSlot(candidates, this.#hosts, ask, columns, passes)
        : randomSlot(candidates, this.#hosts, ask, columns, passes, random, scratch.tied);
    } finally {
      group?.erase(scratch.counts);
    }
  }
}

function sortedUnion(reserved: ReadonlySet<number>, taken: ReadonlySet<number>): readonly number[] {
  return [...new Set([...reserved, ...taken])].sort((a, b) => a - b);
}
