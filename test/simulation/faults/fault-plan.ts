import type { SimulatedFailures } from '#libs/container-runtime';
import type { Chance } from '../world/chance.ts';
import type { JournalFaults } from '../world/sim-journal.ts';
import type { NetworkFaults } from '../world/sim-network.ts';

/** Which faults a seed switches on. Mean times between two of a kind in ms; null: never. */
export interface FaultPlan {
  readonly controlPlanes: number;
  readonly hosts: number;
  readonly network: NetworkFaults;
  readonly journal: JournalFaults;
  readonly runtime: SimulatedFailures;
  readonly partitionEveryMs: number | null;
  readonly disconnectionEveryMs: number | null;
  readonly controlPlaneCrashEveryMs: number | null;
  readonly controlPlaneCrashPoints: number;
  readonly journalCrashEveryMs: number | null;
  readonly agentCrashEveryMs: number | null;
  readonly agentCrashPoints: number;
  readonly hostRebootEveryMs: number | null;
  readonly engineAwayEveryMs: number | null;
  readonly clockJumpEveryMs: number | null;
  readonly leaseLossEveryMs: number | null;
  /** Leaders that go on believing in a lease that has run out. */
  readonly overstayEveryMs: number | null;
  /** A second agent with the identity of another one, for a while. */
  readonly clonesEveryMs: number | null;
  /** Containers with an agent's labels that no task has. */
  readonly strangersEveryMs: number | null;
  /** Control planes that end in good order and are started again. */
  readonly controlPlaneStopEveryMs: number | null;
  /** Agents that have their tasks moved before their machine reboots. */
  readonly agentDrainEveryMs: number | null;
  /** Containers that hold what a task shares and end by themselves. */
  readonly pauseDeathEveryMs: number | null;
  /** What is on, for people. */
  readonly names: readonly string[];
}

const HOSTS_MIN = 3;
const HOSTS_MAX = 12;
const MINUTE_MS = 60_000;

/**
 * Draws a random subset of all faults, each with its own strength.
 *
 * @param slowness how much rarer than usual everything is that happens now and then: a long life sees no more of it
 */
export function drawFaults(chance: Chance, slowness: number): FaultPlan {
  const names: string[] = [];
  const sometimes = <Value>(name: string, probability: number, draw: () => Value, otherwise: Value): Value => {
    // Drawn in any case: what one fault draws must not shift the others.
    const value = draw();
    if (!chance.happens(probability)) return otherwise;
    names.push(name);
    return value;
  };
  const every = (name: string, probability: number, minMs: number, maxMs: number): number | null =>
    sometimes<number | null>(name, probability, () => slowness * chance.between(minMs, maxMs), null);
  const upTo = (name: string, probability: number, max: number): number =>
    sometimes(name, probability, () => chance.next() * max, 0);

  const plan: Omit<FaultPlan, 'agentDrainEveryMs' | 'pauseDeathEveryMs' | 'names'> = {
    controlPlanes: sometimes('two control planes', 0.6, () => 2, 1),
    hosts: chance.between(HOSTS_MIN, HOSTS_MAX),
    network: {
      loss: upTo('loss', 0.5, 0.3),
      duplication: upTo('duplicates', 0.5, 0.5),
      delayMs: sometimes('delays', 0.4, () => [1, chance.between(5, 400)] as const, [1, 3] as const),
      lateness: upTo('late messages', 0.5, 0.1),
      lateMs: [100, 60_000],
    },
    journal: {
      requestLost: upTo('lost appends', 0.4, 0.1),
      answerLost: upTo('lost acks', 0.4, 0.1),
      requestLate: upTo('late appends', 0.3, 0.05),
      lateMs: [1_000, 30_000],
      syncMs: sometimes('slow sync', 0.3, () => [1, chance.between(20, 1_500)] as const, [1, 4] as const),
      deliveredTwice: upTo('commits delivered twice', 0.4, 0.3),
    },
    runtime: {
      pull: upTo('failed pulls', 0.3, 0.1),
      create: upTo('failed creations', 0.3, 0.05),
      start: upTo('failed starts', 0.3, 0.1),
      lostCall: upTo('lost runtime calls', 0.4, 0.1),
      lostAnswer: upTo('lost runtime answers', 0.4, 0.1),
      lostEvent: upTo('lost container events', 0.5, 0.8),
    },
    partitionEveryMs: every('one-way partitions', 0.5, 1 * MINUTE_MS, 5 * MINUTE_MS),
    disconnectionEveryMs: every('lost connections', 0.5, 0.5 * MINUTE_MS, 4 * MINUTE_MS),
    controlPlaneCrashEveryMs: every('writer crashes', 0.5, 0.7 * MINUTE_MS, 5 * MINUTE_MS),
    controlPlaneCrashPoints: upTo('writer crashes between steps', 0.5, 0.004),
    journalCrashEveryMs: every('journal crashes', 0.5, 1 * MINUTE_MS, 6 * MINUTE_MS),
    agentCrashEveryMs: every('agent crashes', 0.5, 0.5 * MINUTE_MS, 4 * MINUTE_MS),
    agentCrashPoints: upTo('agent crashes between steps', 0.4, 0.02),
    hostRebootEveryMs: every('host reboots', 0.4, 2 * MINUTE_MS, 8 * MINUTE_MS),
    engineAwayEveryMs: every('engine away', 0.4, 1 * MINUTE_MS, 6 * MINUTE_MS),
    clockJumpEveryMs: every('clock jumps', 0.4, 1 * MINUTE_MS, 5 * MINUTE_MS),
    leaseLossEveryMs: every('lost leases', 0.4, 1 * MINUTE_MS, 5 * MINUTE_MS),
    overstayEveryMs: every('overstayed leases', 0.35, 2 * MINUTE_MS, 8 * MINUTE_MS),
    clonesEveryMs: every('cloned agents', 0.25, 1 * MINUTE_MS, 4 * MINUTE_MS),
    strangersEveryMs: every('containers of no task', 0.3, 0.7 * MINUTE_MS, 4 * MINUTE_MS),
    controlPlaneStopEveryMs: every('writers that are stopped', 0.3, 1 * MINUTE_MS, 5 * MINUTE_MS),
  };
  const neverDisconnects = chance.happens(0.12);
  const whole: FaultPlan = {
    ...plan,
    runtime: { ...plan.runtime, address: upTo('addresses that come late', 0.3, 0.5) },
    agentDrainEveryMs: every('agents that drain', 0.4, 1 * MINUTE_MS, 5 * MINUTE_MS),
    pauseDeathEveryMs: every('pause containers that end', 0.4, 0.5 * MINUTE_MS, 3 * MINUTE_MS),
    names,
  };
  return neverDisconnects ? withoutDisconnections(whole) : whole;
}

/** Instances that never disconnect: nothing is repaired in passing by a session that is opened again. */
function withoutDisconnections(plan: FaultPlan): FaultPlan {
  return {
    ...plan,
    network: { ...plan.network, loss: 0, lateness: 0 },
    partitionEveryMs: null,
    disconnectionEveryMs: null,
    agentCrashEveryMs: null,
    agentCrashPoints: 0,
    hostRebootEveryMs: null,
    clonesEveryMs: null,
    agentDrainEveryMs: null,
    names: [...plan.names.filter((name) => !DISCONNECTING.has(name)), 'instances that never disconnect'],
  };
}

const DISCONNECTING: ReadonlySet<string> = new Set([
  'loss',
  'late messages',
  'one-way partitions',
  'lost connections',
  'agent crashes',
  'agent crashes between steps',
  'host reboots',
  'cloned agents',
  'agents that drain',
]);
