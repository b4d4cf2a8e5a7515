import { ok } from '#libs/kernel';
import type { Result } from '#libs/kernel';

/*
 * A schema is a check from which the type follows, so that a message is described once. Checks are plain closures: the
 * control plane runs them thousands of times a second, and this lib has no library to generate code with.
 */

/** Why a value does not fit. */
export interface Misfit {
  /** Members and indices from the message down, e.g. `/reports/0/taskId`; empty: the message itself. */
  readonly path: string;
  readonly problem: string;
}

/** Checks a value from outside; null: it is a `Value`. */
export interface Schema<Value> {
  (value: unknown): Misfit | null;
  /** Never there: carries the type. */
  readonly type?: Value;
}

/** A member that may be absent. */
export interface OptionalMember<Value> {
  readonly optional: Schema<Value>;
}

export type TypeOf<S> = S extends Schema<infer Value> ? Value : never;

type Members = Readonly<Record<string, Schema<unknown> | OptionalMember<unknown>>>;
type OptionalKeys<M> = { [Key in keyof M]: M[Key] extends { readonly optional: unknown } ? Key : never }[keyof M];
type MemberType<M> = M extends OptionalMember<infer Value> ? Value : TypeOf<M>;
/** The type that the members of an object schema describe. */
export type ObjectOf<M> = Flat<
  { readonly [Key in Exclude<keyof M, OptionalKeys<M>>]: MemberType<M[Key]> } & {
    readonly [Key in OptionalKeys<M>]?: MemberType<M[Key]>;
  }
>;
type Flat<T> = { [Key in keyof T]: T[Key] };

/** The members that a schema for a type from elsewhere must have: none is forgotten, none is invented. */
export type MembersOf<T> = {
  readonly [Key in keyof T]-?: undefined extends T[Key] ? OptionalMember<Exclude<T[Key], undefined>> : Schema<T[Key]>;
};

function misfit(problem: string): Misfit {
  return { path: '', problem };
}

function below(key: string | number, { path, problem }: Misfit): Misfit {
  return { path: `/${key}${path}`, problem };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Text of at most that many characters (UTF-16 units), at least `min`. */
export function text(charactersMax: number, charactersMin = 0): Schema<string> {
  return (value) => {
    if (typeof value !== 'string') return misfit('must be a string');
    if (value.length > charactersMax) return misfit(`must have at most ${charactersMax} characters`);
    return value.length < charactersMin ? misfit(`must have at least ${charactersMin} characters`) : null;
  };
}

export function matching(pattern: RegExp): Schema<string> {
  return (value) => (typeof value === 'string' && pattern.test(value) ? null : misfit(`must match ${pattern.source}`));
}

/** A whole number from `min` to `max`. */
export function integer(min: number = Number.MIN_SAFE_INTEGER, max: number = Number.MAX_SAFE_INTEGER): Schema<number> {
  return (value) =>
    typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max
      ? null
      : misfit(`must be a whole number from ${min} to ${max}`);
}

/** Any finite number from `min`. */
export function number(min: number): Schema<number> {
  return (value) =>
    typeof value === 'number' && Number.isFinite(value) && value >= min ? null : misfit(`must be a number from ${min}`);
}

export function oneOf<const Value extends string | true>(...values: readonly Value[]): Schema<Value> {
  return (value) =>
    (values as readonly unknown[]).includes(value) ? null : misfit(`must be one of ${values.join(', ')}`);
}

export function nullable<Value>(schema: Schema<Value>): Schema<Value | null> {
  return (value) => (value === null ? null : schema(value));
}

export function list<Value>(schema: Schema<Value>, itemsMax: number, itemsMin = 0): Schema<readonly Value[]> {
  return (value) => {
    if (!Array.isArray(value)) return misfit('must be an array');
    if (value.length > itemsMax) return misfit(`must have at most ${itemsMax} items`);
    if (value.length < itemsMin) return misfit(`must have at least ${itemsMin} items`);
    for (const [index, item] of value.entries()) {
      const found = schema(item);
      if (found !== null) return below(index, found);
    }
    return null;
  };
}

/** Values of one kind by name. */
export function record<Value>(schema: Schema<Value>): Schema<Readonly<Record<string, Value>>> {
  return (value) => {
    if (!isObject(value)) return misfit('must be an object');
    for (const key in value) {
      const found = schema(value[key]);
      if (found !== null) return below(key, found);
    }
    return null;
  };
}

/** An object whose members are the sender's to know: only the control plane may publish where these come in. */
export function trusted<Value extends object>(): Schema<Value> {
  return (value) => (isObject(value) ? null : misfit('must be an object'));
}

export function optional<Value>(schema: Schema<Value>): OptionalMember<Value> {
  return { optional: schema };
}

/** With exactly these members: what another one means would not be known. */
export function exactly<const M extends Members>(members: M): Schema<ObjectOf<M>> {
  return shape(members, true);
}

/** With at least these members: a newer sender may add some. */
export function atLeast<const M extends Members>(members: M): Schema<ObjectOf<M>> {
  return shape(members, false);
}

function shape<M extends Members>(members: M, isExact: boolean): Schema<ObjectOf<M>> {
  const checks = Object.entries(members).map(([key, member]) =>
    'optional' in member
      ? { key, schema: member.optional as Schema<unknown>, isOptional: true }
      : { key, schema: member as Schema<unknown>, isOptional: false },
  );
  const known = new Set(Object.keys(members));
  return (value) => {
    if (!isObject(value)) return misfit('must be an object');
    for (const { key, schema, isOptional } of checks) {
      const member = value[key];
      if (member === undefined) {
        if (!isOptional) return below(key, misfit('is missing'));
        continue;
      }
      const problem = schema(member);
      if (problem !== null) return below(key, problem);
    }
    if (isExact) for (const key in value) if (!known.has(key)) return below(key, misfit('is not a member'));
    return null;
  };
}

/** One or the other; what is wrong is reported of the first. */
export function either<One, Other>(one: Schema<One>, other: Schema<Other>): Schema<One | Other> {
  return (value) => {
    const problem = one(value);
    return problem === null || other(value) === null ? null : problem;
  };
}

/** A value from outside as what it should be, or why it is not: `/reports/0/taskId must be a string`. */
export function read<Value>(schema: Schema<Value>, value: unknown): Result<Value, string> {
  const found = schema(value);
  return found === null ? ok(value as Value) : { rejection: `${found.path || '/'} ${found.problem}` };
}
