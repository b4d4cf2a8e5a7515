import type { Opaque } from '#libs/contracts';

/** A wire object while it is being built. Members without a value are left out (ecs-behaviour §1). */
export type WireDraft = Record<string, unknown>;

/** Sets a member that has a value. */
export function put(draft: WireDraft, member: string, value: unknown): void {
  if (value !== undefined && value !== null) draft[member] = value;
}

/** A wire timestamp: seconds since the epoch with three digits behind the point. */
export function epochSeconds(ms: number): number {
  return ms / 1000;
}

export function putTime(draft: WireDraft, member: string, ms: number | null): void {
  if (ms !== null) draft[member] = epochSeconds(ms);
}

// The texts of wire objects that will be written more than once. A finished wire object never changes.
const texts = new WeakMap<object, string>();
const reused = new WeakSet<object>();

/** Marks a finished wire object whose text is worth keeping: it stands in many answers. */
export function keepText<Wire extends object>(wire: Wire): Wire {
  reused.add(wire);
  return wire;
}

/**
 * The JSON text of a query's output. Objects that views keep are encoded once and concatenated after that, so that a
 * describe of a hundred entities costs a hundred string joins.
 */
export function outputText(output: Opaque): string {
  let text = '';
  for (const [member, value] of Object.entries(output)) {
    if (value === undefined) continue;
    text += `${text === '' ? '{' : ','}${JSON.stringify(member)}:${valueText(value)}`;
  }
  return text === '' ? '{}' : `${text}}`;
}

function valueText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(itemText).join(',')}]`;
  return itemText(value);
}

function itemText(value: unknown): string {
  if (typeof value !== 'object' || value === null || !reused.has(value)) return JSON.stringify(value) ?? 'null';
  let text = texts.get(value);
  if (text === undefined) {
    text = JSON.stringify(value);
    texts.set(value, text);
  }
  return text;
}
