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
    return `{${members(value)
      .map(([key, item]) => `${JSON.stringify(key)}:${canonicalJson(item)}`)
      .join(',')}}`;
  }
  throw new TypeError(`a ${typeof value} has no canonical text`);
}

/** Objects inside objects are written whole from this depth on, and so are lists of at most this length. */
const WHOLE_DEPTH = 2;
const WHOLE_ITEMS_MAX = 32;

/** `canonicalJson` in pieces, for what is too large to be written at one go. */
export function* canonicalPieces(value: unknown, depth = 0): Generator<string> {
  if (value instanceof Map) yield* piecesOfMap(value, depth);
  else if (Array.isArray(value) && value.length > WHOLE_ITEMS_MAX)
    yield* listed(value, (item) => canonicalPieces(item, depth + 1));
  else if (value instanceof Set && value.size > WHOLE_ITEMS_MAX) {
    yield* listed([...value].map(canonicalJson).sort(), (text) => [text]);
  } else if (depth < WHOLE_DEPTH && isPlain(value)) yield* piecesOfObject(value, depth);
  else yield canonicalJson(value);
}

function* piecesOfMap(map: ReadonlyMap<unknown, unknown>, depth: number): Generator<string> {
  // Sorted by keys, pairs are in the order of their own texts: no key's text is the beginning of another's, but for
  // numbers, whose next character in a pair is a comma, and that comes before every digit.
  const entries = Array.from(map, ([key, item]) => ({ text: canonicalJson(key), item }));
  entries.sort((a, b) => (a.text < b.text ? -1 : 1));
  yield* listed(entries, function* ({ text, item }) {
    yield `[${text},`;
    yield* canonicalPieces(item, depth + 1);
    yield ']';
  });
}

function* piecesOfObject(object: object, depth: number): Generator<string> {
  let separator = '{';
  for (const [key, item] of members(object)) {
    yield `${separator}${JSON.stringify(key)}:`;
    yield* canonicalPieces(item, depth + 1);
    separator = ',';
  }
  yield separator === '{' ? '{}' : '}';
}

function* listed<Item>(items: readonly Item[], pieces: (item: Item) => Iterable<string>): Generator<string> {
  yield '[';
  let isFirst = true;
  for (const item of items) {
    if (!isFirst) yield ',';
    isFirst = false;
    yield* pieces(item);
  }
  yield ']';
}

function isPlain(value: unknown): value is object {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Set) &&
    !ArrayBuffer.isView(value)
  );
}

/** The members that have a text, in the order of their names. */
function members(object: object): readonly (readonly [string, unknown])[] {
  return Object.entries(object)
    .filter(([, item]) => item !== undefined && typeof item !== 'function')
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}
