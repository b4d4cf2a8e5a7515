import type { ErrorObject } from 'ajv';
import type { InputConstraint, ServiceRules, Shape } from '#libs/kernel';
import { frameworkText } from './framework-text.ts';
import { serializationError } from './framework-errors.ts';
import { WireError } from './wire-error.ts';

/** How much of a caller's value, or of a path with the keys of a caller's map in it, an error message repeats. */
const VALUE_CHARS_MAX = 256;

/** Turns ajv's first error into the answer that the service gives for it. */
export function describeFailure(
  rules: ServiceRules,
  operation: string,
  input: unknown,
  errors: readonly ErrorObject[] | null | undefined,
): WireError {
  const error = errors?.[0];
  if (error === undefined) throw new Error(`The check of ${operation} failed without saying why.`);
  const isWrongType = error.keyword === 'type' || isNumberType(error);
  if (isWrongType && error.data !== null) return wrongType(error, memberPath(error.instancePath));
  const fault = { operation, path: pathOf(error), value: valueOf(error), constraint: constraintOf(error), input };
  const type = rules.invalidInputType?.(operation) ?? 'ValidationException';
  const text = rules.faultText?.(fault) ?? frameworkText(fault, shapeOf(error), listTextOf(error, input));
  return new WireError(type, text, 400);
}

/** A member that is not there has its own name, which ajv's path ends before. */
function pathOf({ keyword, params, instancePath }: ErrorObject): string {
  const path = memberPath(instancePath);
  if (keyword !== 'required') return path;
  const missing = String(params['missingProperty']);
  return path === '' ? missing : `${path}.${missing}`;
}

/** A null stands for nothing. */
function valueOf(error: ErrorObject): string | undefined {
  const { data, keyword } = error;
  if (keyword === 'required' || data === null || shapeOf(error).isSensitive === true) return undefined;
  return textOf(data);
}

/** As Java prints it. */
function textOf(value: unknown): string | undefined {
  if (!Array.isArray(value)) return isScalar(value) ? shortened(String(value)) : undefined;
  return shortened(`[${value.map((item) => (isScalar(item) ? String(item) : '…')).join(', ')}]`);
}

/** The list that a value is an item of. */
function listTextOf(error: ErrorObject, input: unknown): string | undefined {
  if (shapeOf(error).isSensitive === true) return undefined;
  let value: unknown = input;
  for (const step of error.instancePath.split('/').slice(1, -1)) {
    value = (value as Readonly<Record<string, unknown>>)[unescaped(step)];
  }
  return Array.isArray(value) ? textOf(value) : undefined;
}

function isScalar(value: unknown): boolean {
  return typeof value !== 'object' || value === null;
}

function constraintOf({ keyword, params, parentSchema }: ErrorObject): InputConstraint {
  switch (keyword) {
    case 'type':
    case 'required':
      return { kind: 'required' };
    case 'enum':
      return { kind: 'enum', values: (parentSchema as Shape).enum ?? [] };
    case 'pattern':
      return { kind: 'pattern', pattern: String(params['pattern']) };
    case 'minProperties':
    case 'maxProperties':
      return { kind: 'one-member' };
    case 'minimum':
    case 'maximum':
    case 'minLength':
    case 'maxLength':
    case 'minItems':
    case 'maxItems':
      return { kind: keyword, limit: Number(params['limit']) };
    default:
      throw new Error(`The shapes use the keyword ${keyword}, which has no message.`);
  }
}

function shapeOf({ parentSchema = {} }: ErrorObject): Shape {
  return parentSchema as Shape;
}

/** A number outside its 32 or 64 bits (or a timestamp that is no time) is a wrong type, not a wrong value. */
function isNumberType(error: ErrorObject): boolean {
  return (error.keyword === 'minimum' || error.keyword === 'maximum') && numberTypeOf(error) !== undefined;
}

/** The schemas name the wire's own number types by a title. */
function numberTypeOf(error: ErrorObject): string | undefined {
  return shapeOf(error).title;
}

/**
 * The deserializer's texts (`STRING_VALUE cannot be converted to Integer`), which name the types but never the member.
 * The member's path is added, for without it nobody finds the fault in a long task definition.
 */
function wrongType(error: ErrorObject, path: string): WireError {
  const at = path === '' ? '' : ` (at '${path}')`;
  return serializationError(`${typeText(error)}${at}`);
}

function typeText(error: ErrorObject): string {
  const expected = shapeOf(error).type;
  const { data } = error;
  if (Array.isArray(data)) return 'Start of list found where not expected';
  if (typeof data === 'object') return 'Start of structure or map found where not expected';
  if (expected === 'object' || expected === 'array') return 'Unexpected field type';
  return `${tokenOf(data)} cannot be converted to ${numberTypeOf(error) ?? javaName(expected)}`;
}

function tokenOf(data: unknown): string {
  if (typeof data === 'boolean') return data ? 'TRUE_VALUE' : 'FALSE_VALUE';
  if (typeof data === 'number') return Number.isInteger(data) ? 'NUMBER_VALUE' : 'DECIMAL_VALUE';
  return 'STRING_VALUE';
}

function javaName(type: Shape['type']): string {
  return type === 'boolean' ? 'Boolean' : 'String';
}

/** `/containerDefinitions/0/memory` → `containerDefinitions[0].memory`, as the AWS CLI's queries have it. */
function memberPath(instancePath: string): string {
  let path = '';
  for (const step of instancePath.split('/').slice(1)) {
    if (/^\d+$/.test(step)) path += `[${step}]`;
    else path += `${path === '' ? '' : '.'}${unescaped(step)}`;
  }
  return shortened(path);
}

/** A step of a JSON Pointer. */
function unescaped(step: string): string {
  return step.replaceAll('~1', '/').replaceAll('~0', '~');
}

function shortened(value: string): string {
  return value.length > VALUE_CHARS_MAX ? `${value.slice(0, VALUE_CHARS_MAX)}…` : value;
}
