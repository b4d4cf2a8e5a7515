/** A binary heap of moments: which key is due next, in O(log n). A key may be in it several times; the owner decides which counts. */
export class Deadlines<Key> {
  readonly #heap: { readonly at: number; readonly key: Key }[] = [];

  get next(): number | null {
    return this.#heap[0]?.at ?? null;
  }

  add(at: number, key: Key): void {
    const heap = this.#heap;
    const entry = { at, key };
    let index = heap.length;
    heap.push(entry);
    while (index > 0) {
      const parentIndex = (index - 1) >> 1;
      const parent = heap[parentIndex];
      if (parent === undefined || parent.at <= at) break;
      heap[index] = parent;
      index = parentIndex;
    }
    heap[index] = entry;
  }

  /** Takes out one key that is due, with its moment. */
  takeDue(now: number): { readonly at: number; readonly key: Key } | undefined {
    const heap = this.#heap;
    const top = heap[0];
    if (top === undefined || top.at > now) return undefined;
    const last = heap.pop();
    if (last !== undefined && heap.length > 0) this.#sink(last);
    return top;
  }

  #sink(entry: { readonly at: number; readonly key: Key }): void {
    const heap = this.#heap;
    let index = 0;
    for (;;) {
      const left = heap[2 * index + 1];
      const right = heap[2 * index + 2];
      if (left === undefined) break;
      const child = right !== undefined && right.at < left.at ? right : left;
      if (entry.at <= child.at) break;
      heap[index] = child;
      index = child === right ? 2 * index + 2 : 2 * index + 1;
    }
    heap[index] = entry;
  }
}
