import type { ErrorObject } from 'ajv';
import { serializationError } from './framework-errors.ts';
import type { InputSchema } from './input-schema.types.ts';
import { WireError } from './wire-error.ts';

/** How much of a caller's value, or of a path with the keys of a caller's map in it, an error message repeats. */
const VALUE_CHARS_MAX = 256;

/** ECS answers a faulty task definition with `ClientException` and everything else with `InvalidParameterException`. */
const TASK_DEFINITION_OPERATION = /^(Register|Deregister|Describe|Delete)(Daemon)?TaskDefinitions?$/;

/** ECS's own words for a required member that is missing, where they are known (ecs-behaviour.md §4, live reports). */
const MISSING_TEXTS: Readonly<Record<string, string>> = {
  'DescribeContainerInstances.containerInstances': 'Container Instances cannot be empty.',
  'DescribeTasks.tasks': 'Tasks cannot be empty.',
  'RegisterTaskDefinition.containerDefinitions': 'Container list cannot be empty.',
  'RegisterTaskDefinition.family': 'Family can not be blank.',
  'StartTask.containerInstances': 'Container Instances cannot be empty.',
  'UpdateContainerInstancesState.containerInstances': 'Container Instances cannot be empty.',
};

/** Turns ajv's first error into the answer that the service gives for it. */
export function describeFailure(operationName: string, errors: readonly ErrorObject[] | null | undefined): WireError {
  const error = errors?.[0];
  if (error === undefined) throw new Error(`The check of ${operationName} failed without saying why.`);
  const path = memberPath(error.instancePath);
  if (error.keyword === 'type' || isNumberType(error)) {
    return error.data === null ? violation(operationName, path, NOT_NULL) : wrongType(error, path);
  }
  if (error.keyword === 'required') {
    const missing = String(error.params['missingProperty']);
    const known = MISSING_TEXTS[`${operationName}.${missing}`];
    if (known !== undefined && path === '') return parameterError(operationName, known);
    return violation(operationName, path === '' ? missing : `${path}.${missing}`, NOT_NULL);
  }
  return violation(operationName, path, constraintText(error), error.data);
}

const NOT_NULL = 'Member must not be null';

function violation(operationName: string, path: string, constraint: string, value?: unknown): WireError {
  const subject =
    typeof value === 'string' || typeof value === 'number' ? `Value '${shortened(String(value))}'` : 'Value';
  const text = `1 validation error detected: ${subject} at '${path}' failed to satisfy constraint: ${constraint}`;
  return parameterError(operationName, text);
}

function parameterError(operationName: string, message: string): WireError {
  const type = TASK_DEFINITION_OPERATION.test(operationName) ? 'ClientException' : 'InvalidParameterException';
  return new WireError(type, message, 400);
}

function constraintText(error: ErrorObject): string {
  const limit = String(error.params['limit']);
  const list = error.parentSchema?.['enum'];
  switch (error.keyword) {
    case 'enum':
      return `Member must satisfy enum value set: [${Array.isArray(list) ? list.join(', ') : ''}]`;
    case 'minimum':
      return `Member must have value greater than or equal to ${limit}`;
    case 'maximum':
      return `Member must have value less than or equal to ${limit}`;
    case 'minLength':
    case 'minItems':
      return `Member must have length greater than or equal to ${limit}`;
    case 'maxLength':
    case 'maxItems':
      return `Member must have length less than or equal to ${limit}`;
    case 'pattern':
      return `Member must satisfy regular expression pattern: ${modelPattern(String(error.params['pattern']))}`;
    case 'minProperties':
    case 'maxProperties':
      return 'Exactly one member of the union must be set';
    default:
      throw new Error(`The input schemas use the keyword ${error.keyword}, which has no message.`);
  }
}

/** The pattern as the model writes it: the schemas anchor it as `^(?:…)$`. */
function modelPattern(pattern: string): string {
  return pattern.slice('^(?:'.length, -')$'.length);
}

/** A number outside its 32 or 64 bits (or a timestamp that is no time) is a wrong type, not a wrong value. */
function isNumberType(error: ErrorObject): boolean {
  return (error.keyword === 'minimum' || error.keyword === 'maximum') && numberTypeOf(error) !== undefined;
}

/** The schemas name the wire's own number types by a title. */
function numberTypeOf(error: ErrorObject): string | undefined {
  return (error.parentSchema as InputSchema | undefined)?.title;
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
  const expected = (error.parentSchema as InputSchema | undefined)?.type;
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

function javaName(type: InputSchema['type']): string {
  return type === 'boolean' ? 'Boolean' : 'String';
}

/** `/containerDefinitions/0/memory` → `containerDefinitions.1.member.memory`, as the service counts and writes it. */
function memberPath(instancePath: string): string {
  const steps = instancePath.split('/').slice(1);
  return shortened(
    steps
      .map((step) =>
        /^\d+$/.test(step) ? `${Number(step) + 1}.member` : step.replaceAll('~1', '/').replaceAll('~0', '~'),
      )
      .join('.'),
  );
}

function shortened(value: string): string {
  return value.length > VALUE_CHARS_MAX ? `${value.slice(0, VALUE_CHARS_MAX)}…` : value;
}
