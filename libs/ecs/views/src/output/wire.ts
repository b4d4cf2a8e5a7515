/** A wire object while it is being built. Members without a value are left out. */
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

// The texts of wire objects that will be written more than once; null before the first time. Such an object never changes.
const texts = new WeakMap<object, string | null>();

/** Marks a finished wire object or list whose text is worth keeping: it stands in many answers and events. */
export function keepText<Wire extends object>(wire: Wire): Wire {
  texts.set(wire, null);
  return wire;
}

/** A part of wire objects that depends on one thing alone is built, and written, once. */
export function sharedPart<Source extends object, Part extends object>(
  build: (source: Source) => Part,
): (source: Source) => Part {
  const parts = new WeakMap<Source, Part>();
  return (source) => {
    let part = parts.get(source);
    if (part === undefined) {
      part = keepText(build(source));
      parts.set(source, part);
    }
    return part;
  };
}

/**
 * The JSON text of a query's output. Objects that views keep are encoded once and concatenated after that, so that a
 * describe of a hundred entities costs a hundred string joins.
 */
export function outputText(output: object): string {
  let text = '';
  for (const [member, value] of Object.entries(output) as [string, unknown][]) {
    if (value === undefined) continue;
    text += `${text === '' ? '{' : ','}${JSON.stringify(member)}:${listText(value)}`;
  }
  return text === '' ? '{}' : `${text}}`;
}

function listText(value: unknown): string {
  if (!Array.isArray(value)) return valueText(value);
  // Adding to a text copies nothing; the whole is put together once, where it is sent.
  let text = '';
  for (const item of value) text += `${text === '' ? '[' : ','}${valueText(item)}`;
  return text === '' ? '[]' : `${text}]`;
}

/** The JSON text of a value; that of a kept object is encoded once. */
export function valueText(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  let text = texts.get(value);
  if (text === undefined) return JSON.stringify(value);
  if (text === null) {
    text = JSON.stringify(value);
    texts.set(value, text);
  }
  return text;
}
