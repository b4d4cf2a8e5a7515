/**
 * A first-in-first-out queue. Items lie in chunks: taking from the front of one long array would move all the others.
 */
export type Fifo<Item> = Item[][];

/** Items a chunk; taking from the front moves at most this many. */
const CHUNK_ITEMS_MAX = 1_024;

export function pushItem<Item>(queue: Fifo<Item>, item: Item): void {
  const last = queue.at(-1);
  if (last !== undefined && last.length < CHUNK_ITEMS_MAX) last.push(item);
  else queue.push([item]);
}

/** The oldest item, or undefined when the queue is empty. */
export function firstItem<Item>(queue: Fifo<Item>): Item | undefined {
  return queue[0]?.[0];
}

/** All items, oldest first. How they lie in chunks depends on what was dropped before, and must not be seen. */
export function* itemsOf<Item>(queue: Fifo<Item>): Generator<Item> {
  for (const chunk of queue) yield* chunk;
}

/** A queue of these items, oldest first. */
export function fifoOf<Item>(items: readonly Item[]): Fifo<Item> {
  const queue: Fifo<Item> = [];
  for (const item of items) pushItem(queue, item);
  return queue;
}

/** Drops the oldest item. */
export function dropFirst<Item>(queue: Fifo<Item>): void {
  const first = queue[0];
  if (first === undefined) return;
  first.shift();
  if (first.length === 0) queue.shift();
}
