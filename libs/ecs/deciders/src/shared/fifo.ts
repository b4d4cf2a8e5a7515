/**
 * A first-in-first-out queue as plain data, so that it is part of a state's canonical text and of a snapshot. Items lie
 * in chunks: taking from the front of one long array would move all the others.
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

/** The oldest items, at most one chunk of them. */
export function firstItems<Item>(queue: Fifo<Item>): readonly Item[] {
  return queue[0] ?? [];
}

/** Drops the oldest item. */
export function dropFirst<Item>(queue: Fifo<Item>): void {
  const first = queue[0];
  if (first === undefined) return;
  first.shift();
  if (first.length === 0) queue.shift();
}
