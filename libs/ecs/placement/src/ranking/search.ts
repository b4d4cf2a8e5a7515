import type { HostTable } from '../engine/host-table.ts';
import type { Ask } from '../feasibility/ask.ts';
import type { Candidates } from '../feasibility/candidates.ts';
import type { Column } from './columns.ts';

/** Greater than every amount of a column. */
const WORSE_THAN_ALL = 2 ** 31 - 1;

/** A check that costs more than comparing numbers, asked only of a host that would otherwise win; null: there is none. */
export type CostlyCheck = ((slot: number) => boolean) | null;

/**
 * The best slot for a task, the earliest registered one of those that are equal, or -1.
 * Narrowing ties strategy by strategy is comparing column by column, so one pass does all of them, and it ends as soon as
 * nothing better can come.
 */
export function bestSlot(
  candidates: Candidates,
  hosts: HostTable,
  ask: Ask,
  columns: readonly Column[],
  passes: CostlyCheck,
): number {
  const { slots, count } = candidates;
  const { cpuFree, memoryFree } = hosts;
  const { cpu, memory } = ask;
  // The first two columns are compared in place; more are rare and may cost a call.
  const [first, second] = columns;
  const more = columns.length > 2;
  const firstAmounts = first?.amounts ?? null;
  const firstIndex = first?.index ?? null;
  const secondAmounts = second?.amounts ?? null;
  const secondIndex = second?.index ?? null;
  const firstFloor = first?.floor ?? 0;
  const secondFloor = second?.floor ?? 0;
  let best = -1;
  let bestFirst = WORSE_THAN_ALL;
  let bestSecond = WORSE_THAN_ALL;
  for (let i = 0; i < count; i++) {
    const slot = slots[i] ?? 0;
    const one = firstAmounts === null ? 0 : (firstAmounts[firstIndex === null ? slot : (firstIndex[slot] ?? 0)] ?? 0);
    if (one > bestFirst) continue;
    const two =
      secondAmounts === null ? 0 : (secondAmounts[secondIndex === null ? slot : (secondIndex[slot] ?? 0)] ?? 0);
    if (one === bestFirst && two >= bestSecond && !(more && isBetter(slot, best, columns))) continue;
    // Whether a host can take the task at all comes last: most hosts lose before that matters.
    if ((cpuFree[slot] ?? 0) < cpu || (memoryFree[slot] ?? 0) < memory) continue;
    if (passes !== null && !passes(slot)) continue;
    best = slot;
    bestFirst = one;
    bestSecond = two;
    if (!more && one <= firstFloor && two <= secondFloor) break;
  }
  return best;
}

/**
 * One slot out of all that equal the best by the columns, each as likely as any other, or -1.
 *
 * @param tied scratch space of the table's length
 */
export function randomSlot(
  candidates: Candidates,
  hosts: HostTable,
  ask: Ask,
  columns: readonly Column[],
  passes: CostlyCheck,
  random: () => number,
  tied: Int32Array,
): number {
  const best = columns.length === 0 ? -1 : bestSlot(candidates, hosts, ask, columns, passes);
  if (columns.length > 0 && best === -1) return -1;
  let left = 0;
  for (let i = 0; i < candidates.count; i++) {
    const slot = candidates.slots[i] ?? 0;
    if ((hosts.cpuFree[slot] ?? 0) < ask.cpu || (hosts.memoryFree[slot] ?? 0) < ask.memory) continue;
    if (best !== -1 && !isEqual(slot, best, columns)) continue;
    tied[left++] = slot;
  }
  // Drawing again after a refusal is as uniform as drawing among those that do not refuse.
  while (left > 0) {
    const drawn = Math.floor(random() * left);
    const slot = tied[drawn] ?? -1;
    if (passes === null || passes(slot)) return slot;
    left -= 1;
    tied[drawn] = tied[left] ?? -1;
  }
  return -1;
}

function isBetter(slot: number, best: number, columns: readonly Column[]): boolean {
  for (const column of columns) {
    const difference = amountOf(column, slot) - amountOf(column, best);
    if (difference !== 0) return difference < 0;
  }
  return false;
}

function isEqual(slot: number, best: number, columns: readonly Column[]): boolean {
  return columns.every((column) => amountOf(column, slot) === amountOf(column, best));
}

function amountOf({ index, amounts }: Column, slot: number): number {
  return amounts[index === null ? slot : (index[slot] ?? 0)] ?? 0;
}
