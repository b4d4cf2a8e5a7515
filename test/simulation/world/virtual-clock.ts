/** Something that will happen. */
interface Due {
  readonly at: number;
  /** Order of scheduling: breaks ties, so that a run is one sequence and no other. */
  readonly order: number;
  readonly act: () => void;
  cancelled: boolean;
}

/** Virtual time: a binary heap of what is due. Nothing else in a simulation moves the clock. */
export class VirtualClock {
  readonly #heap: Due[] = [];
  #now: number;
  #order = 0;

  constructor(startMs: number) {
    this.#now = startMs;
  }

  /** ms since the epoch. */
  now(): number {
    return this.#now;
  }

  /** Runs `act` after a delay (ms, rounded up to a whole one as clocks count); returns a function that cancels it. */
  after(delayMs: number, act: () => void): () => void {
    const due: Due = { at: this.#now + Math.max(0, Math.ceil(delayMs)), order: this.#order++, act, cancelled: false };
    this.#push(due);
    return () => {
      due.cancelled = true;
    };
  }

  /** Advances to the next thing that is due and lets it happen. False: nothing is left. */
  step(): boolean {
    for (;;) {
      const due = this.#pop();
      if (due === undefined) return false;
      if (due.cancelled) continue;
      this.#now = due.at;
      due.act();
      return true;
    }
  }

  /** When the next thing is due, or null. */
  next(): number | null {
    while (this.#heap[0]?.cancelled === true) this.#pop();
    return this.#heap[0]?.at ?? null;
  }

  #push(due: Due): void {
    const heap = this.#heap;
    let index = heap.push(due) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!before(due, heap[parent])) break;
      heap[index] = heap[parent] as Due;
      index = parent;
    }
    heap[index] = due;
  }

  #pop(): Due | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined || heap.length === 0) return first;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= heap.length) break;
      if (before(heap[child + 1], heap[child])) child += 1;
      if (!before(heap[child], last)) break;
      heap[index] = heap[child] as Due;
      index = child;
    }
    heap[index] = last;
    return first;
  }
}

function before(a: Due | undefined, b: Due | undefined): boolean {
  if (a === undefined || b === undefined) return false;
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}
