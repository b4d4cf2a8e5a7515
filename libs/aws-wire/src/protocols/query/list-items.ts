/** How many items in a row a list may leave out. */
const GAP_MAX = 10;

/**
 * The items of a list by their numbers, which begin with 1, whatever the order of the pairs; what is left out between
 * them is empty. Or the text that real services of AWS Query answer with (recorded responses of IAM).
 */
export function listItems<Item>(numbered: ReadonlyMap<string, Item>, empty: Item): readonly Item[] | string {
  const byIndex = new Map<number, Item>();
  for (const [key, item] of numbered) {
    if (/^-\d+$/.test(key)) return `Key ${key} may not have a leading '-'`;
    if (!/^\d+$/.test(key)) return 'Start of list found where not expected';
    const index = Number(key);
    if (index === 0) return '0 is not a valid index';
    byIndex.set(index, item);
  }
  const items: Item[] = [];
  for (const index of [...byIndex.keys()].sort((a, b) => a - b)) {
    const skipped = index - items.length - 1;
    if (skipped > GAP_MAX) return `Excessively sparse input would skip ${skipped} list elements`;
    for (let i = 0; i < skipped; i += 1) items.push(empty);
    items.push(byIndex.get(index) ?? empty);
  }
  return items;
}
