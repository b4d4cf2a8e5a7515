import { Ajv, type ValidateFunction } from 'ajv';
import { ecsInputSchemas } from './generated/ecs-input-schemas.ts';
import type { InputSchema, InputSchemaDocument } from './input-schema.types.ts';
import { inputShapeName } from './input-schemas.ts';
import { describeFailure } from './validation-failure.ts';
import type { WireError } from './wire-error.ts';

const CONSTRAINTS = [
  'enum',
  'required',
  'pattern',
  'minimum',
  'maximum',
  'minItems',
  'maxItems',
  'minLength',
  'maxLength',
  'minProperties',
  'maxProperties',
] as const;

const checks = new Map<string, ValidateFunction>();
const typeChecks = new Map<string, ValidateFunction>();
let checker: Ajv | undefined;
let typeChecker: Ajv | undefined;

/**
 * Checks a decoded input against the model, in place: members that the model does not know are removed, as the real
 * service ignores them. Each operation's check is compiled at its first use.
 *
 * @returns `undefined` if the input fits; otherwise the first fault: `SerializationException` for a wrong JSON type
 * anywhere, else `InvalidParameterException` (`ClientException` for task definitions) for a missing required member,
 * an unknown enum value, or a value outside the model's range. Rules across members are the domain's.
 */
export function validateInput(operationName: string, input: unknown): WireError | undefined {
  checker ??= newAjv(strippingUnknown(ecsInputSchemas));
  const check = compiled(checker, checks, operationName);
  if (check(input)) return undefined;
  const failure = describeFailure(operationName, input, check.errors);
  if (failure.type === 'SerializationException') return failure;
  // The service reads the whole body before it checks any value, so a wrong type further on takes precedence.
  typeChecker ??= newAjv(typesOnly(strippingUnknown(ecsInputSchemas)));
  const typeCheck = compiled(typeChecker, typeChecks, operationName);
  return typeCheck(input) ? failure : describeFailure(operationName, input, typeCheck.errors);
}

function newAjv(document: InputSchemaDocument): Ajv {
  const ajv = new Ajv({
    // Only the first fault is collected: a body of a million faults must not become a million error objects.
    allErrors: false,
    removeAdditional: true,
    // Shapes are shared between operations, so each is compiled once; the first call of an operation waits for this.
    inlineRefs: false,
    code: { optimize: false },
    strict: false,
    validateSchema: false,
    verbose: true,
  });
  ajv.addSchema(document);
  return ajv;
}

function compiled(ajv: Ajv, cache: Map<string, ValidateFunction>, operationName: string): ValidateFunction {
  let check = cache.get(operationName);
  if (check === undefined) {
    check = ajv.compile({ $ref: `${ecsInputSchemas.$id}#/$defs/${inputShapeName(operationName)}` });
    cache.set(operationName, check);
  }
  return check;
}

/** The committed schemas allow unknown members, as the service does; ajv removes them where it is told "none". */
function strippingUnknown(document: InputSchemaDocument): InputSchemaDocument {
  return mapDefs(document, (schema) =>
    schema.properties === undefined ? schema : { ...schema, additionalProperties: false },
  );
}

/** The same document without anything but JSON types; the wire's own number types keep their ranges. */
function typesOnly(document: InputSchemaDocument): InputSchemaDocument {
  return mapDefs(document, (schema) => withoutConstraints(schema));
}

function withoutConstraints(schema: InputSchema): InputSchema {
  // A title marks a number type of the wire, whose range is part of the type.
  if (schema.title !== undefined) return schema;
  const bare: Record<string, unknown> = { ...schema };
  for (const name of CONSTRAINTS) delete bare[name];
  if (schema.items !== undefined) bare['items'] = withoutConstraints(schema.items);
  if (typeof schema.additionalProperties === 'object') {
    bare['additionalProperties'] = withoutConstraints(schema.additionalProperties);
  }
  if (schema.properties !== undefined) {
    bare['properties'] = Object.fromEntries(
      Object.entries(schema.properties).map(([name, member]) => [name, withoutConstraints(member)]),
    );
  }
  return bare;
}

function mapDefs(document: InputSchemaDocument, change: (schema: InputSchema) => InputSchema): InputSchemaDocument {
  const $defs = Object.fromEntries(Object.entries(document.$defs).map(([name, schema]) => [name, change(schema)]));
  return { ...document, $defs };
}
