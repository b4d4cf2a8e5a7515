/**
 * One text for one value: object keys sorted, Maps as sorted [key, value] pairs, Sets as sorted arrays, typed arrays as
 * arrays, undefined members left out. Two states are equal exactly when their texts are.
 */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value === 'number' || typeof value === 'boolean' || typeof value === 'string') {
    return JSON.stringify(value);
  }
  if (value === undefined) return 'null';
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (value instanceof Map) {
    const pairs = [...value].map(([key, item]) => `[${canonicalJson(key)},${canonicalJson(item)}]`);
    return `[${pairs.sort().join(',')}]`;
  }
  if (value instanceof Set) return `[${[...value].map(canonicalJson).sort().join(',')}]`;
  if (ArrayBuffer.isView(value)) return `[${Array.from(value as unknown as ArrayLike<number>).join(',')}]`;
  if (typeof value === 'object') {
    const members = Object.entries(value)
      .filter(([, item]) => item !== undefined && typeof item !== 'function')
      .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
      .map(([key, item]) => `${JSON.stringify(key)}:${canonicalJson(item)}`);
    return `{${members.join(',')}}`;
  }
  throw new TypeError(`a ${typeof value} has no canonical text`);
}
