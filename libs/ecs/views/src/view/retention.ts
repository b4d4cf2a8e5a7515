interface Ended<Item> {
  readonly item: Item;
  readonly expiresAt: number;
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

  add(item: Item, expiresAt: number): void {
    this.#ended.push({ item, expiresAt });
  }

  /** Takes out what expires at this moment or before. Costs nothing when nothing is due. */
  due(at: number): readonly Item[] {
    let count = 0;
    for (const ended of this.#ended) {
      if (ended.expiresAt > at) break;
      count += 1;
    }
    return count === 0 ? [] : this.#ended.splice(0, count).map((ended) => ended.item);
  }
}
