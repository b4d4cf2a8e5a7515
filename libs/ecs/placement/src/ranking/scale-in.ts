import { NO_VALUE } from '../engine/attribute-values.ts';
import type { HostTable } from '../engine/host-table.ts';
import type { Host } from '../engine/host.ts';
import type { TaskDemand } from '../types.ts';
import type { Step } from './steps.ts';

interface RunningTask {
  readonly taskId: string;
  /** Place in the list that was given, which settles ties. */
  readonly position: number;
  readonly demand: TaskDemand | undefined;
}

/** The tasks of one host that are not chosen yet; the next one to go is the last. */
interface Occupant {
  readonly host: Host;
  readonly tasks: RunningTask[];
  cpuFree: number;
  memoryFree: number;
}

/**
 * The order in which tasks are stopped (Amazon ECS Developer Guide: scale-in): again and again the one whose stop leaves the
 * rest best placed. Tasks whose host is gone come first. Works host by host, so its cost is tasks + chosen × hosts.
 */
export function scaleInOrder(
  given: readonly { readonly taskId: string; readonly hostId: string }[],
  steps: readonly Step[],
  hosts: HostTable,
  random: () => number,
  countMax: number,
): readonly string[] {
  const order: string[] = [];
  const occupants = occupantsOf(given, steps, hosts, order);
  const tallies = talliesOf(steps, occupants);
  let left = given.length - order.length;
  while (left > 0 && order.length < countMax) {
    const chosen = choose(occupants, steps, tallies, random);
    const task = chosen?.tasks.pop();
    if (chosen === undefined || task === undefined) break;
    order.push(task.taskId);
    left -= 1;
    chosen.cpuFree += task.demand?.cpu ?? 0;
    chosen.memoryFree += task.demand?.memory ?? 0;
    steps.forEach((step, i) => {
      if (step.kind === 'spread-values') add(tallies[i], valueOf(step, chosen), -1);
    });
  }
  return order.slice(0, countMax);
}

function occupantsOf(
  given: readonly { readonly taskId: string; readonly hostId: string }[],
  steps: readonly Step[],
  hosts: HostTable,
  homeless: string[],
): readonly Occupant[] {
  const occupants = new Map<string, Occupant>();
  given.forEach(({ taskId, hostId }, position) => {
    const host = hosts.find(hostId);
    if (host === undefined) {
      homeless.push(taskId);
      return;
    }
    const occupant = occupants.get(hostId) ?? {
      host,
      tasks: [],
      cpuFree: hosts.cpuFree[host.slot] ?? 0,
      memoryFree: hosts.memoryFree[host.slot] ?? 0,
    };
    occupant.tasks.push({ taskId, position, demand: host.tasks.get(taskId)?.demand });
    occupants.set(hostId, occupant);
  });
  for (const { tasks } of occupants.values()) tasks.sort((a, b) => -compareOnOneHost(a, b, steps));
  return [...occupants.values()];
}

/** Less than 0 when `a` goes first: on one host tasks differ only in what they hold. */
function compareOnOneHost(a: RunningTask, b: RunningTask, steps: readonly Step[]): number {
  for (const step of steps) {
    if (step.kind !== 'binpack') continue;
    const difference = (b.demand?.[step.resource] ?? 0) - (a.demand?.[step.resource] ?? 0);
    if (difference !== 0) return difference;
  }
  return a.position - b.position;
}

/** For each step that spreads over values: the tasks of each value. */
function talliesOf(steps: readonly Step[], occupants: readonly Occupant[]): readonly (Int32Array | undefined)[] {
  return steps.map((step) => {
    if (step.kind !== 'spread-values') return undefined;
    const tally = new Int32Array(step.values.count);
    for (const occupant of occupants) add(tally, valueOf(step, occupant), occupant.tasks.length);
    return tally;
  });
}

function choose(
  occupants: readonly Occupant[],
  steps: readonly Step[],
  tallies: readonly (Int32Array | undefined)[],
  random: () => number,
): Occupant | undefined {
  let tied = occupants.filter(({ tasks }) => tasks.length > 0);
  steps.forEach((step, i) => {
    if (tied.length > 1) tied = narrow(tied, step, tallies[i], random);
  });
  return tied.reduce<Occupant | undefined>(
    (first, other) => (first === undefined || nextPosition(other) < nextPosition(first) ? other : first),
    undefined,
  );
}

function narrow(
  tied: readonly Occupant[],
  step: Step,
  tally: Int32Array | undefined,
  random: () => number,
): Occupant[] {
  switch (step.kind) {
    case 'random':
      return drawByTasks(tied, random);
    case 'spread-hosts':
      return greatest(tied, ({ tasks }) => tasks.length);
    case 'spread-values':
      return greatest(tied, (occupant) => tally?.[valueOf(step, occupant)] ?? 0);
    case 'binpack':
      return greatest(tied, ({ tasks, cpuFree, memoryFree }) => {
        const free = step.resource === 'cpu' ? cpuFree : memoryFree;
        return free + (tasks.at(-1)?.demand?.[step.resource] ?? 0);
      });
    default:
      return step satisfies never;
  }
}

function greatest(tied: readonly Occupant[], amountOf: (occupant: Occupant) => number): Occupant[] {
  let most = -Infinity;
  let kept: Occupant[] = [];
  for (const occupant of tied) {
    const amount = amountOf(occupant);
    if (amount < most) continue;
    if (amount > most) {
      most = amount;
      kept = [];
    }
    kept.push(occupant);
  }
  return kept;
}

/** One host, each as likely as it has tasks: every task is then as likely as any other. */
function drawByTasks(tied: readonly Occupant[], random: () => number): Occupant[] {
  let ticket = Math.floor(random() * tied.reduce((sum, { tasks }) => sum + tasks.length, 0));
  for (const occupant of tied) {
    ticket -= occupant.tasks.length;
    if (ticket < 0) return [occupant];
  }
  return tied.slice(0, 1);
}

function nextPosition({ tasks }: Occupant): number {
  return tasks.at(-1)?.position ?? Infinity;
}

function valueOf(step: Extract<Step, { kind: 'spread-values' }>, { host }: Occupant): number {
  return step.values.bySlot[host.slot] ?? NO_VALUE;
}

function add(tally: Int32Array | undefined, value: number, tasks: number): void {
  if (tally !== undefined) tally[value] = (tally[value] ?? 0) + tasks;
}
