import type { ServiceModel, Shape, ShapeDocument } from '#libs/kernel';

const REF_PREFIX = '#/$defs/';

/** The id of the JSON Schema of an operation's input, for catalogues: `urn:waybill:<service>:<version>#/$defs/<input>`. */
export function inputSchemaId({ shapes }: ServiceModel, operation: string): string {
  return `${shapes.$id}${inputShape(shapes, operation).$ref ?? ''}`;
}

/** What an operation takes. An unknown operation is a broken invariant: callers look it up first. */
export function inputShape(document: ShapeDocument, operation: string): Shape {
  return rootShape(document, operation, 'input');
}

/** What an operation returns. */
export function outputShape(document: ShapeDocument, operation: string): Shape {
  return rootShape(document, operation, 'output');
}

const NOTHING: Shape = { type: 'object', properties: {} };

function rootShape({ operations }: ShapeDocument, operation: string, side: 'input' | 'output'): Shape {
  const shapes = Object.hasOwn(operations, operation) ? operations[operation] : undefined;
  if (shapes === undefined) throw new Error(`There is no operation ${operation}.`);
  const name = shapes[side];
  return name === undefined ? NOTHING : { $ref: `${REF_PREFIX}${name}` };
}

/** The name under `$defs` that a shape refers to; empty for a shape that stands for itself. */
export function shapeName(shape: Shape): string {
  return shape.$ref?.slice(REF_PREFIX.length) ?? '';
}

/** Follows a `$ref` within the document. */
export function dereference({ $defs }: ShapeDocument, shape: Shape): Shape {
  if (shape.$ref === undefined) return shape;
  const target = $defs[shapeName(shape)];
  if (target === undefined) throw new Error(`The document has no ${shape.$ref}.`);
  return target;
}

/** The shape of a structure's member, which must be a member of its own: `constructor` is none. */
export function memberShape({ properties }: Shape, name: string): Shape | undefined {
  return properties !== undefined && Object.hasOwn(properties, name) ? properties[name] : undefined;
}
