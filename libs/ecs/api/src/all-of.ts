import type { QueryResult } from '#libs/ecs/views';
import { ok } from '#libs/kernel';

/** Reads every one of a list, up to the first that cannot be read. */
export function allOf<Item, Value>(
  items: readonly Item[],
  read: (item: Item) => QueryResult<Value>,
): QueryResult<readonly Value[]> {
  const values: Value[] = [];
  for (const item of items) {
    const result = read(item);
    if ('rejection' in result) return result;
    values.push(result.value);
  }
  return ok(values);
}
