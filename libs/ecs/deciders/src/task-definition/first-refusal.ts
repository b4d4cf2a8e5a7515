import type { Rejection } from '#libs/ecs/messages';

/** The refusal of the first item that has one. */
export function firstRefusal<Item>(items: readonly Item[], check: (item: Item) => Rejection | null): Rejection | null {
  for (const item of items) {
    const refused = check(item);
    if (refused !== null) return refused;
  }
  return null;
}
