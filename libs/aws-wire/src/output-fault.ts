import type { ServiceModel, Shape } from '#libs/kernel';
import { dereference, outputShape, shapeName } from './shapes.ts';

/**
 * Finds where an answer departs from the operation's output in the model: an unknown member, a wrong type, a `Date`
 * where the wire has epoch seconds, a missing required member. Made for tests of the views, which write the wire's shape
 * themselves; the hot path never calls it.
 *
 * @returns the first fault as `path: what`, or `undefined`.
 */
export function findOutputFault(service: ServiceModel, operation: string, output: unknown): string | undefined {
  return faultOf(service, outputShape(service.shapes, operation), output, operation);
}

function faultOf(service: ServiceModel, shape: Shape, value: unknown, path: string): string | undefined {
  const target = dereference(service.shapes, shape);
  const { type, items = {}, additionalProperties } = target;
  switch (type) {
    case 'array':
      if (!Array.isArray(value)) return `${path}: not a list`;
      return first(value.entries(), ([i, item]) => faultOf(service, items, item, `${path}[${i}]`));
    case 'object':
      if (target.properties !== undefined) return structureFault(service, shape, value, path);
      if (!isRecord(value)) return `${path}: not a map`;
      return first(Object.entries(value), ([key, item]) =>
        faultOf(service, typeof additionalProperties === 'object' ? additionalProperties : {}, item, `${path}.${key}`),
      );
    default:
      return scalarFault(target, value, path);
  }
}

function scalarFault({ type, title }: Shape, value: unknown, path: string): string | undefined {
  if (type === 'string' || type === 'boolean') return typeof value === type ? undefined : `${path}: not a ${type}`;
  if (type === undefined || Number.isFinite(value)) return undefined;
  return title === 'Timestamp' ? `${path}: not a time in epoch seconds` : `${path}: not a number`;
}

function structureFault(service: ServiceModel, shape: Shape, value: unknown, path: string): string | undefined {
  if (!isRecord(value)) return `${path}: not a structure`;
  const { properties = {}, required = [] } = dereference(service.shapes, shape);
  const unmodelled = service.rules.unmodelledOutput?.[shapeName(shape)] ?? [];
  const missing = required.find((name) => value[name] === undefined);
  if (missing !== undefined) return `${path}.${missing}: missing`;
  return first(Object.entries(value), ([name, member]) => {
    const memberOf = properties[name];
    if (memberOf === undefined) return unmodelled.includes(name) ? undefined : `${path}.${name}: unknown member`;
    return member === undefined ? undefined : faultOf(service, memberOf, member, `${path}.${name}`);
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
