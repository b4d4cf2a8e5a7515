import type { ServiceModel, Shape, ShapeDocument } from '#libs/kernel';
import { dereference, memberShape, shapeName } from './shapes.ts';

/**
 * Removes, in place, what means "absent" on the wire: members that are `null`, and, where the service's rules say so,
 * optional members of type string that are empty. Required members stay, so that an empty name reaches the operation.
 * Free documents and the items of lists and maps are left alone.
 */
export function dropAbsentMembers(service: ServiceModel, shape: Shape, value: unknown): void {
  const { shapes, rules } = service;
  const target = dereference(shapes, shape);
  const { properties, items, required } = target;
  if (Array.isArray(value)) {
    if (items !== undefined && !isScalar(shapes, items))
      for (const item of value) dropAbsentMembers(service, items, item);
    return;
  }
  if (properties === undefined || !isRecord(value)) return;
  const { emptyMeansAbsent } = rules;
  const kept = emptyMeansAbsent?.except[shapeName(shape)];
  for (const [name, member] of Object.entries(value)) {
    const memberOf = memberShape(target, name);
    if (memberOf === undefined) continue;
    const isAbsent =
      member === '' &&
      emptyMeansAbsent !== undefined &&
      isString(shapes, memberOf) &&
      required?.includes(name) !== true &&
      kept?.includes(name) !== true;
    if (member === null || isAbsent) delete value[name];
    else dropAbsentMembers(service, memberOf, member);
  }
}

function isString(shapes: ShapeDocument, shape: Shape): boolean {
  return dereference(shapes, shape).type === 'string';
}

function isScalar(shapes: ShapeDocument, shape: Shape): boolean {
  const { type } = dereference(shapes, shape);
  return type !== 'object' && type !== 'array';
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
