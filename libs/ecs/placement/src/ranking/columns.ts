import { NO_VALUE } from '../engine/attribute-values.ts';
import type { AttributeValues } from '../engine/attribute-values.ts';
import type { GroupCounts } from '../engine/group-counts.ts';
import type { HostTable } from '../engine/host-table.ts';
import type { Ask } from '../feasibility/ask.ts';
import type { Step } from './steps.ts';

/** Greater than every count: hosts without the attribute that tasks are spread over come last. */
const LAST = 2 ** 31 - 2;
/** Looking for the least of more values than this costs more than it saves. */
const VALUES_SEARCHED_MAX = 64;

/** What one strategy compares, as numbers by slot; the least is best. */
export interface Column {
  /** Where a slot's amount is in `amounts`; null: at the slot itself. */
  readonly index: Int32Array | null;
  readonly amounts: Int32Array;
  /** No host that can take the task has less: the search may end at the first one that has this. */
  readonly floor: number;
}

/** Space that the columns of one search use; of the table's length, zero before and after. */
export interface ColumnScratch {
  readonly counts: Int32Array;
}

/** The columns of strategies that compare. Random is none. */
export function columnsOf(
  steps: readonly Step[],
  hosts: HostTable,
  ask: Ask,
  group: GroupCounts | undefined,
  scratch: ColumnScratch,
): readonly Column[] {
  const columns: Column[] = [];
  for (const step of steps) {
    if (step.kind === 'binpack') {
      columns.push(
        step.resource === 'cpu'
          ? { index: null, amounts: hosts.cpuFree, floor: ask.cpu }
          : { index: null, amounts: hosts.memoryFree, floor: ask.memory },
      );
    } else if (step.kind === 'spread-values') {
      columns.push(spreadColumn(step.values, group));
    } else if (step.kind === 'spread-hosts' && group !== undefined) {
      columns.push({
        index: null,
        amounts: group.counts(scratch.counts),
        floor: group.leastOn(hosts.inOrder.length),
      });
    }
  }
  return columns;
}

function spreadColumn(values: AttributeValues, group: GroupCounts | undefined): Column {
  const amounts = group === undefined ? new Int32Array(values.count) : group.tally(values);
  amounts[NO_VALUE] = LAST;
  let floor = LAST;
  if (values.count > VALUES_SEARCHED_MAX) floor = 0;
  else for (let value = NO_VALUE + 1; value < values.count; value++) floor = Math.min(floor, amounts[value] ?? 0);
  return { index: values.bySlot, amounts, floor };
}
