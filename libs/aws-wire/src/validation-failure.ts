import type { ErrorObject } from 'ajv';
import type { ServiceRules, Shape } from '#libs/kernel';
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
  const path = memberPath(error.instancePath);
  const type = rules.invalidInputType?.(operation) ?? 'ValidationException';
  const invalid = (message: string): WireError => new WireError(type, message, 400);
  if (error.keyword === 'type' || isNumberType(error)) {
    return error.data === null ? invalid(missingText(rules, operation, path)) : wrongType(error, path);
  }
  if (error.keyword === 'required') {
    const missing = String(error.params['missingProperty']);
    return invalid(missingText(rules, operation, path === '' ? missing : `${path}.${missing}`));
  }
  if (error.keyword === 'enum') return invalid(enumText(rules, operation, input, error, path));
  return invalid(`${path} ${constraintText(error)}`);
}

function missingText(rules: ServiceRules, operation: string, path: string): string {
  return rules.missingText?.(operation, path) ?? `${path} can not be null.`;
}

function enumText(rules: ServiceRules, operation: string, input: unknown, error: ErrorObject, path: string): string {
  const known = rules.enumText?.({
    operation,
    path: path.replaceAll(/\[\d+\]/g, '[]'),
    value: shortened(String(error.data)),
    input,
  });
  if (known !== undefined) return known;
  const values: unknown = error.parentSchema?.['enum'];
  // Of a list of such values the service names the list.
  return `${path.replace(/\[\d+\]$/, '')} should be one of [${Array.isArray(values) ? values.join(',') : ''}]`;
}

/** In the form of ECS's `maximumPercent must be at least 100`; no recorded response has any of the others. */
function constraintText(error: ErrorObject): string {
  const limit = String(error.params['limit']);
  switch (error.keyword) {
    case 'minimum':
      return `must be at least ${limit}`;
    case 'maximum':
      return `must be at most ${limit}`;
    case 'minLength':
      return `must have at least ${limit} characters.`;
    case 'maxLength':
      return `must have at most ${limit} characters.`;
    case 'minItems':
      return `must have at least ${limit} items.`;
    case 'maxItems':
      return `can have at most ${limit} items.`;
    case 'pattern':
      return 'contains invalid characters.';
    case 'minProperties':
    case 'maxProperties':
      return 'must have exactly one member.';
    default:
      throw new Error(`The input schemas use the keyword ${error.keyword}, which has no message.`);
  }
}

/** A number outside its 32 or 64 bits (or a timestamp that is no time) is a wrong type, not a wrong value. */
function isNumberType(error: ErrorObject): boolean {
  return (error.keyword === 'minimum' || error.keyword === 'maximum') && numberTypeOf(error) !== undefined;
}

/** The schemas name the wire's own number types by a title. */
function numberTypeOf(error: ErrorObject): string | undefined {
  return (error.parentSchema as Shape | undefined)?.title;
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
  const expected = (error.parentSchema as Shape | undefined)?.type;
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
    else path += `${path === '' ? '' : '.'}${step.replaceAll('~1', '/').replaceAll('~0', '~')}`;
  }
  return shortened(path);
}

function shortened(value: string): string {
  return value.length > VALUE_CHARS_MAX ? `${value.slice(0, VALUE_CHARS_MAX)}…` : value;
}
