import type { AttributeValues } from './attribute-values.ts';

/** A group on at most this many hosts is counted in a map; an array over all hosts would cost more than its tasks. */
const HOSTS_IN_MAP_MAX = 32;
/** Attributes that a group is counted by; a request has at most five strategies. */
const TALLIES_MAX = 8;

/** How many tasks of one group run on each host, and per value of the attributes that were asked for. */
export class GroupCounts {
  #total = 0;
  /** How many hosts have a task of the group. */
  #hosts = 0;
  /** By a number of tasks: how many hosts have that many. */
  readonly #hostsWith: number[] = [];
  /** No host that has a task of the group has fewer. */
  #least = 1;
  #sparse: Map<number, number> | undefined = new Map();
  #dense: Int32Array | undefined;
  readonly #tallies = new Map<string, { readonly values: AttributeValues; readonly counts: Int32Array }>();

  get total(): number {
    return this.#total;
  }

  on(slot: number): number {
    return (this.#dense === undefined ? this.#sparse?.get(slot) : this.#dense[slot]) ?? 0;
  }

  /** No host of a cluster of `hosts` hosts has fewer tasks of the group. */
  leastOn(hosts: number): number {
    return this.#hosts < hosts ? 0 : this.#least;
  }

  /**
   * Tasks by slot. A group on few hosts writes its counts into `scratch`, which is all zero and has room for every slot;
   * `erase` makes it so again.
   */
  counts(scratch: Int32Array): Int32Array {
    if (this.#dense !== undefined) {
      if (this.#dense.length < scratch.length) this.#dense = lengthened(this.#dense, scratch.length);
      return this.#dense;
    }
    this.#sparse?.forEach((tasks, slot) => (scratch[slot] = tasks));
    return scratch;
  }

  erase(scratch: Int32Array): void {
    this.#sparse?.forEach((_, slot) => (scratch[slot] = 0));
  }

  add(slot: number, difference: 1 | -1, slots: number): void {
    const before = this.on(slot);
    this.#total += difference;
    this.#moveHost(before, before + difference);
    if (this.#dense !== undefined) this.#addDense(this.#dense, slot, difference, slots);
    else if (this.#sparse !== undefined) this.#addSparse(this.#sparse, slot, difference, slots);
    for (const { values, counts } of this.#tallies.values()) {
      const value = values.bySlot[slot];
      if (value !== undefined) counts[value] = (counts[value] ?? 0) + difference;
    }
  }

  /** Tasks by value id of an attribute; kept up to date until the index is made anew. */
  tally(values: AttributeValues): Int32Array {
    const known = this.#tallies.get(values.attribute);
    if (known !== undefined && known.values === values) return known.counts;
    const counts = new Int32Array(values.count);
    const count = (tasks: number, slot: number): void => {
      const value = values.bySlot[slot];
      if (value !== undefined) counts[value] = (counts[value] ?? 0) + tasks;
    };
    this.#sparse?.forEach(count);
    this.#dense?.forEach(count);
    if (this.#tallies.size >= TALLIES_MAX) this.#tallies.clear();
    this.#tallies.set(values.attribute, { values, counts });
    return counts;
  }

  /** A host goes from one number of tasks to the next. */
  #moveHost(before: number, after: number): void {
    if (before > 0) this.#hostsWith[before] = (this.#hostsWith[before] ?? 0) - 1;
    if (after > 0) this.#hostsWith[after] = (this.#hostsWith[after] ?? 0) + 1;
    if (before === 0) this.#hosts += 1;
    if (after === 0) this.#hosts -= 1;
    if (after > 0 && after < this.#least) this.#least = after;
    // The last host with the least went one up, so one up is the least. Down to none: too small a bound does no harm.
    if (before === this.#least && after > before && this.#hostsWith[before] === 0) this.#least = after;
  }

  #addDense(dense: Int32Array, slot: number, difference: number, slots: number): void {
    let counts = dense;
    if (slot >= counts.length) {
      counts = lengthened(dense, slots);
      this.#dense = counts;
    }
    counts[slot] = (counts[slot] ?? 0) + difference;
  }

  #addSparse(sparse: Map<number, number>, slot: number, difference: number, slots: number): void {
    const tasks = (sparse.get(slot) ?? 0) + difference;
    if (tasks === 0) sparse.delete(slot);
    else sparse.set(slot, tasks);
    if (sparse.size <= HOSTS_IN_MAP_MAX) return;
    const dense = new Int32Array(slots);
    for (const [at, count] of sparse) dense[at] = count;
    this.#dense = dense;
    this.#sparse = undefined;
  }
}

function lengthened(counts: Int32Array, length: number): Int32Array {
  const longer = new Int32Array(length);
  longer.set(counts);
  return longer;
}

/** The counts of all groups that have a task. */
export class GroupTable {
  readonly #groups = new Map<string, GroupCounts>();

  find(group: string): GroupCounts | undefined {
    return this.#groups.get(group);
  }

  /** `slots` is how many slots the host table has room for. */
  add(group: string, slot: number, difference: 1 | -1, slots: number): void {
    let counts = this.#groups.get(group);
    if (counts === undefined) {
      counts = new GroupCounts();
      this.#groups.set(group, counts);
    }
    counts.add(slot, difference, slots);
    if (counts.total === 0) this.#groups.delete(group);
  }
}
