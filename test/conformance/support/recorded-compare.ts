import { isObject } from './recorded-file.ts';

/** Values that steps have kept, and `topic`. */
export type Kept = ReadonlyMap<string, unknown>;

const ANY = '<any>';
const PLACEHOLDER = /\$\{(\w+)\}/g;
const ONE_PLACEHOLDER = /^\$\{(\w+)\}$/;
const VALUE_CHARACTERS_MAX = 2_000;

/**
 * How a value differs from what is expected, one line per difference. Objects: each expected member must be equal, others
 * may be there; lists: same length and order. `<any>` matches whatever is present, `{"$matches": …}` a text by pattern.
 */
export function differences(expected: unknown, actual: unknown, at = 'the response'): readonly string[] {
  if (expected === ANY) return actual === undefined ? [`${at}: expected a value, got nothing`] : [];
  if (Array.isArray(expected)) {
    if (!Array.isArray(actual) || actual.length !== expected.length) return [unequal(at, expected, actual)];
    return expected.flatMap((item, index) => differences(item, actual[index], `${at}[${index}]`));
  }
  if (!isObject(expected)) return expected === actual ? [] : [unequal(at, expected, actual)];
  const pattern = expected['$matches'];
  if (typeof pattern === 'string') {
    return typeof actual === 'string' && RegExp(pattern).test(actual) ? [] : [unequal(at, expected, actual)];
  }
  if (!isObject(actual)) return [unequal(at, expected, actual)];
  const prefix = at === 'the response' ? '' : `${at}.`;
  return Object.entries(expected).flatMap(([member, value]) => differences(value, actual[member], prefix + member));
}

/** Differences for members that must not be there. Where the object around one is missing, that is a difference too. */
export function presences(paths: readonly string[], actual: unknown): readonly string[] {
  return paths.flatMap((path) => {
    const steps = stepsOf(path);
    const around = steps.slice(0, -1).reduce(memberOf, actual);
    if (typeof around !== 'object' || around === null) return [`${path}: nothing is there that could have this member`];
    const value = memberOf(around, steps.at(-1) ?? '');
    return value === undefined ? [] : [`${path}: expected nothing, got ${shown(value)}`];
  });
}

/** The value at a path such as `tasks[0].taskArn`, or undefined. */
export function valueAt(path: string, actual: unknown): unknown {
  return stepsOf(path).reduce(memberOf, actual);
}

/** The value with every `${name}` in its texts filled in. @throws for a name that nothing has kept */
export function filledIn(value: unknown, kept: Kept): unknown {
  if (typeof value === 'string') return filledText(value, kept, String);
  if (Array.isArray(value)) return value.map((item) => filledIn(item, kept));
  if (!isObject(value)) return value;
  const pattern = value['$matches'];
  // A kept text stands for itself in a pattern.
  if (typeof pattern === 'string') return { $matches: String(filledText(pattern, kept, escaped)) };
  return Object.fromEntries(Object.entries(value).map(([member, item]) => [member, filledIn(item, kept)]));
}

function filledText(text: string, kept: Kept, write: (value: unknown) => string): unknown {
  const valueOf = (name: string): unknown => {
    if (!kept.has(name)) throw new Error(`nothing has been kept as ${name}`);
    return kept.get(name);
  };
  const whole = ONE_PLACEHOLDER.exec(text)?.[1];
  // Alone, a placeholder keeps the value's type.
  if (whole !== undefined && write === String) return valueOf(whole);
  return text.replaceAll(PLACEHOLDER, (_, name: string) => write(valueOf(name)));
}

const escaped = (value: unknown): string => String(value).replaceAll(/[.*+?^${}()|[\]\\/-]/g, String.raw`\$&`);

function stepsOf(path: string): readonly string[] {
  return path.split(/[.[\]]+/).filter((step) => step !== '');
}

function memberOf(value: unknown, step: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[step] : undefined;
}

function unequal(at: string, expected: unknown, actual: unknown): string {
  return `${at}:\n  expected ${shown(expected)}\n  actual   ${shown(actual)}`;
}

function shown(value: unknown): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(value);
  return text.length > VALUE_CHARACTERS_MAX ? `${text.slice(0, VALUE_CHARACTERS_MAX)}…` : text;
}
