import { ecsInputSchemas } from './generated/ecs-input-schemas.ts';
import type { InputSchema } from './input-schema.types.ts';

const REF_PREFIX = '#/$defs/';

/** The id of the JSON Schema of an operation's input, for catalogues: `urn:waybill:ecs:2014-11-13#/$defs/RunTaskRequest`. */
export function inputSchemaId(operationName: string): string {
  return `${ecsInputSchemas.$id}${REF_PREFIX}${inputShapeName(operationName)}`;
}

/** The name under `$defs` of an operation's input. An unknown operation is a broken invariant: callers look it up first. */
export function inputShapeName(operationName: string): string {
  const name = Object.hasOwn(ecsInputSchemas.inputs, operationName) ? ecsInputSchemas.inputs[operationName] : undefined;
  if (name === undefined) throw new Error(`There is no input schema for the operation ${operationName}.`);
  return name;
}

/** The name under `$defs` that a schema refers to; empty for a schema that stands for itself. */
export function shapeOf(schema: InputSchema): string {
  return schema.$ref?.slice(REF_PREFIX.length) ?? '';
}

/** Follows a `$ref` within the document. */
export function dereference(schema: InputSchema): InputSchema {
  if (schema.$ref === undefined) return schema;
  const target = ecsInputSchemas.$defs[shapeOf(schema)];
  if (target === undefined) throw new Error(`The input schemas have no ${schema.$ref}.`);
  return target;
}
