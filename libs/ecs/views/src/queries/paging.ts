import { assert, canonicalJson, seedFromText } from '#libs/kernel';
import { hexText } from '#libs/kernel';
import { invalidParameter } from './answer.ts';
import type { Refused } from './answer.ts';

/** What every List* takes. */
export interface PageInput {
  readonly nextToken?: string;
  readonly maxResults?: number;
}

/** How many a page holds. */
export interface PageLimits {
  readonly maxResultsMax: number;
  readonly maxResultsDefault: number;
}

/** Most List* operations. */
export const LIST_LIMITS: PageLimits = { maxResultsMax: 100, maxResultsDefault: 100 };
/** ListServices and ListServicesByNamespace. */
export const LIST_SERVICES_LIMITS: PageLimits = { maxResultsMax: 100, maxResultsDefault: 10 };

/**
 * A list in an order that never changes for things that are there: every item has a key, and a page goes on behind the
 * last key of the page before, also when that item is gone by then. So whatever exists all the while is listed once.
 */
export interface Listing<Item> {
  readonly operation: string;
  readonly limits: PageLimits;
  /** Each with its place; in order, unless `sorted` is false: then a page is the first of them by key. */
  readonly items: Iterable<Item>;
  readonly sorted?: false;
  /** Which of them are asked for; undefined: all. */
  readonly filter?: (item: Item) => boolean;
  /** The place of an item, as text for the token. */
  readonly keyOf: (item: Item) => string;
  /** Whether items come behind a place; its key comes from a token that we made. */
  readonly behind: (key: string) => (item: Item) => boolean;
}

export type PageAnswer<Item> = { readonly items: readonly Item[]; readonly nextToken?: string } | Refused;

/** Things that the log numbered: their order is that of their making. */
export const byOrdinal = {
  keyOf: ({ ordinal }: { readonly ordinal: number }): string => String(ordinal),
  behind: (key: string) => {
    const place = Number(key);
    return ({ ordinal }: { readonly ordinal: number }): boolean => ordinal > place;
  },
};

/** One page. Errors: InvalidParameter for a bad page size or a token that these parameters did not get. */
export function pageOf<Item>(input: PageInput, listing: Listing<Item>): PageAnswer<Item> {
  const { maxResultsMax, maxResultsDefault } = listing.limits;
  const { nextToken, maxResults = maxResultsDefault } = input;
  if (maxResults > maxResultsMax) return invalidParameter(`Max results can not be greater than ${maxResultsMax}`);
  if (!Number.isInteger(maxResults) || maxResults < 1) return invalidParameter('Max results can not be less than 1');
  const key = nextToken === undefined ? null : keyOfToken(nextToken, listing.operation, input);
  if (key === undefined) return invalidParameter('Invalid token');
  const isBehind = key === null ? null : listing.behind(key);
  const wanted = wantedItems(listing, isBehind);
  const items =
    listing.sorted === false ? firstByKey(wanted, maxResults + 1, listing.keyOf) : first(wanted, maxResults + 1);
  if (items.length <= maxResults) return { items };
  items.pop();
  const last = items.at(-1);
  assert(last !== undefined, 'a page has an item');
  return { items, nextToken: tokenOf(listing.keyOf(last), listing.operation, input) };
}

function* wantedItems<Item>(
  { items, filter }: Listing<Item>,
  isBehind: ((item: Item) => boolean) | null,
): Generator<Item> {
  for (const item of items) {
    if (isBehind !== null && !isBehind(item)) continue;
    if (filter === undefined || filter(item)) yield item;
  }
}

function first<Item>(items: Iterable<Item>, count: number): Item[] {
  const found: Item[] = [];
  for (const item of items) {
    if (found.push(item) === count) break;
  }
  return found;
}

/** A cluster has many more tasks than a page: only those that are on it so far are kept in order. */
function firstByKey<Item>(items: Iterable<Item>, count: number, keyOf: (item: Item) => string): Item[] {
  const found: Item[] = [];
  const keys: string[] = [];
  for (const item of items) {
    const key = keyOf(item);
    const last = keys.at(-1);
    if (keys.length === count && last !== undefined && key > last) continue;
    const place = placeOf(keys, key);
    keys.splice(place, 0, key);
    found.splice(place, 0, item);
    if (keys.length > count) {
      keys.pop();
      found.pop();
    }
  }
  return found;
}

function placeOf(keys: readonly string[], key: string): number {
  let [low, high] = [0, keys.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((keys[middle] ?? '') < key) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** `<check>.<key>` in URL-safe letters. The check binds the key to the operation and its other parameters. */
function tokenOf(key: string, operation: string, input: PageInput): string {
  return `${checkOf(key, operation, input)}.${encodeURIComponent(key)}`;
}

function keyOfToken(token: string, operation: string, input: PageInput): string | undefined {
  const dot = token.indexOf('.');
  if (dot < 0) return undefined;
  const key = decoded(token.slice(dot + 1));
  return key !== undefined && token.slice(0, dot) === checkOf(key, operation, input) ? key : undefined;
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}

/** The page size may change between pages; nothing else may. */
function checkOf(key: string, operation: string, input: PageInput): string {
  // `canonicalJson` leaves members without a value out.
  const parameters = { ...input, nextToken: undefined, maxResults: undefined };
  return hexText(seedFromText(canonicalJson([operation, key, parameters])));
}
