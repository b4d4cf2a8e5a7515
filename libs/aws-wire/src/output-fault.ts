import type { EcsOperation } from './operations.ts';

/**
 * Finds where an answer departs from what the SDK's schema of the operation says: an unknown member, a wrong type, a
 * `Date` where the wire has epoch seconds, a missing required member. Made for tests of the views, which write the
 * wire's shape themselves; the hot path never calls it.
 *
 * @returns the first fault as `path: what`, or `undefined`.
 */
export function findOutputFault(operation: EcsOperation, output: unknown): string | undefined {
  return faultOf(operation.outputSchema, output, operation.name);
}

/** Members that ECS returns and its model does not have, by structure. SDKs drop them. */
const UNMODELLED: Readonly<Record<string, readonly string[]>> = {
  CreateClusterResponse: ['clusterCount'],
  DeleteClusterResponse: ['clusterCount'],
  TaskDefinition: ['previousStatus'],
};

// The kinds of static schemas, their first element, and the numbers of simple ones (@smithy/types, schema).
const LIST = 1;
const MAP = 2;
const STRUCTURE = 3;
const UNION = 4;
const LIST_OF = 64;
const MAP_OF = 128;
const STRING = 0;
const NUMBER = 1;
const BOOLEAN = 2;
const TIMESTAMPS = [4, 5, 6, 7];
const DOCUMENT = 15;

function faultOf(reference: unknown, value: unknown, path: string): string | undefined {
  const schema = resolved(reference);
  if (typeof schema === 'number') {
    if (schema >= MAP_OF) return mapFault(schema - MAP_OF, value, path);
    if (schema >= LIST_OF) return listFault(schema - LIST_OF, value, path);
    return scalarFault(schema, value, path);
  }
  if (!Array.isArray(schema)) throw new Error(`${path} has a schema of an unknown form.`);
  const parts: readonly unknown[] = schema;
  switch (parts[0]) {
    case LIST:
      return listFault(parts[4], value, path);
    case MAP:
      return mapFault(parts[5], value, path);
    case STRUCTURE:
    case UNION:
      return structureFault(parts, value, path);
    default:
      throw new Error(`${path} has a schema of the unknown kind ${String(parts[0])}.`);
  }
}

/** Follows a lazy reference and drops member traits: `() => schema`, `[() => schema, traits]`. */
function resolved(reference: unknown): unknown {
  const schema: unknown = typeof reference === 'function' ? reference() : reference;
  return Array.isArray(schema) && schema.length === 2 ? resolved(schema[0]) : schema;
}

function scalarFault(code: number, value: unknown, path: string): string | undefined {
  if (code === DOCUMENT) return undefined;
  if (code === STRING) return typeof value === 'string' ? undefined : `${path}: not a string`;
  if (code === BOOLEAN) return typeof value === 'boolean' ? undefined : `${path}: not a boolean`;
  if (code === NUMBER) return Number.isFinite(value) ? undefined : `${path}: not a number`;
  if (TIMESTAMPS.includes(code)) return Number.isFinite(value) ? undefined : `${path}: not a time in epoch seconds`;
  throw new Error(`${path} has the unknown simple schema ${code}.`);
}

function listFault(items: unknown, value: unknown, path: string): string | undefined {
  if (!Array.isArray(value)) return `${path}: not a list`;
  return first(value.entries(), ([i, item]) => faultOf(items, item, `${path}[${i}]`));
}

function mapFault(values: unknown, value: unknown, path: string): string | undefined {
  if (!isRecord(value)) return `${path}: not a map`;
  return first(Object.entries(value), ([key, item]) => faultOf(values, item, `${path}.${key}`));
}

function structureFault(schema: readonly unknown[], value: unknown, path: string): string | undefined {
  if (!isRecord(value)) return `${path}: not a structure`;
  const [, , shapeName, , names, schemas, requiredCount] = schema;
  if (!Array.isArray(names) || !Array.isArray(schemas))
    throw new Error(`${path} has a structure schema without members.`);
  const missing = names.slice(0, Number(requiredCount ?? 0)).find((name) => value[name] === undefined);
  if (missing !== undefined) return `${path}.${missing}: missing`;
  return first(Object.entries(value), ([name, member]) => {
    const i = names.indexOf(name);
    if (i === -1) return UNMODELLED[String(shapeName)]?.includes(name) ? undefined : `${path}.${name}: unknown member`;
    return member === undefined ? undefined : faultOf(schemas[i], member, `${path}.${name}`);
  });
}

function first<Item>(items: Iterable<Item>, check: (item: Item) => string | undefined): string | undefined {
  for (const item of items) {
    const fault = check(item);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}
