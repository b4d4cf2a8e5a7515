/** How long something that has ended stays describable (§21: an hour; waiters need ten minutes). */
export const ENDED_RETENTION_SECONDS = 3600;

interface Ended<Item> {
  readonly item: Item;
  readonly at: number;
}

/**
 * What has ended, in the order in which it ended. Time passes with commits alone: the same log always keeps and drops
 * the same things, whenever it is folded.
 */
export class RetentionQueue<Item> {
  #ended: Ended<Item>[] = [];

  get size(): number {
    return this.#ended.length;
  }

  add(item: Item, at: number): void {
    this.#ended.push({ item, at });
  }

  /** Takes out what ended at least the retention time before `at`. Costs nothing when nothing is due. */
  due(at: number): readonly Item[] {
    const dueBefore = at - ENDED_RETENTION_SECONDS * 1000;
    let count = 0;
    for (const ended of this.#ended) {
      if (ended.at > dueBefore) break;
      count += 1;
    }
    return count === 0 ? [] : this.#ended.splice(0, count).map((ended) => ended.item);
  }
}
