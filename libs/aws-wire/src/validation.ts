import { Ajv, type ValidateFunction } from 'ajv';
import type { ServiceModel, Shape, ShapeDocument } from '#libs/kernel';
import { inputShape } from './shapes.ts';
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

/**
 * Checks inputs of one service against its model, in place: members that the model does not know are removed, as the real
 * service ignores them. Each operation's check is compiled at its first use.
 */
export class InputValidator {
  readonly #service: ServiceModel;
  readonly #values: Checks;
  readonly #types: Checks;

  constructor(service: ServiceModel) {
    this.#service = service;
    this.#values = new Checks(service.shapes, strippingUnknown);
    this.#types = new Checks(service.shapes, (document) => typesOnly(strippingUnknown(document)));
  }

  /**
   * @returns `undefined` if the input fits; otherwise the first fault: `SerializationException` for a wrong JSON type
   * anywhere, else the service's own error for a missing required member, an unknown enum value, or a value outside the
   * model's range. Rules across members are the domain's.
   */
  validate(operation: string, input: unknown): WireError | undefined {
    const check = this.#values.of(operation);
    if (check(input)) return undefined;
    const { rules } = this.#service;
    const failure = describeFailure(rules, operation, input, check.errors);
    if (failure.type === 'SerializationException') return failure;
    // The service reads the whole body before it checks any value, so a wrong type further on takes precedence.
    const typeCheck = this.#types.of(operation);
    return typeCheck(input) ? failure : describeFailure(rules, operation, input, typeCheck.errors);
  }
}

/** The compiled checks of a document's inputs. */
class Checks {
  readonly #document: ShapeDocument;
  readonly #changed: (document: ShapeDocument) => ShapeDocument;
  readonly #compiled = new Map<string, ValidateFunction>();
  #ajv: Ajv | undefined;

  constructor(document: ShapeDocument, changed: (document: ShapeDocument) => ShapeDocument) {
    this.#document = document;
    this.#changed = changed;
  }

  of(operation: string): ValidateFunction {
    const known = this.#compiled.get(operation);
    if (known !== undefined) return known;
    const shape = inputShape(this.#document, operation);
    this.#ajv ??= newAjv(this.#changed(this.#document));
    const check = this.#ajv.compile(shape.$ref === undefined ? shape : { $ref: `${this.#document.$id}${shape.$ref}` });
    this.#compiled.set(operation, check);
    return check;
  }
}

function newAjv(document: ShapeDocument): Ajv {
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

/** The committed schemas allow unknown members, as the service does; ajv removes them where it is told "none". */
function strippingUnknown(document: ShapeDocument): ShapeDocument {
  return mapDefs(document, (shape) =>
    shape.properties === undefined ? shape : { ...shape, additionalProperties: false },
  );
}

/** The same document without anything but JSON types; the wire's own number types keep their ranges. */
function typesOnly(document: ShapeDocument): ShapeDocument {
  return mapDefs(document, (shape) => withoutConstraints(shape));
}

function withoutConstraints(shape: Shape): Shape {
  // A title marks a number type of the wire, whose range is part of the type.
  if (shape.title !== undefined) return shape;
  const bare: Record<string, unknown> = { ...shape };
  for (const name of CONSTRAINTS) delete bare[name];
  if (shape.items !== undefined) bare['items'] = withoutConstraints(shape.items);
  if (typeof shape.additionalProperties === 'object') {
    bare['additionalProperties'] = withoutConstraints(shape.additionalProperties);
  }
  if (shape.properties !== undefined) {
    bare['properties'] = Object.fromEntries(
      Object.entries(shape.properties).map(([name, member]) => [name, withoutConstraints(member)]),
    );
  }
  return bare;
}

function mapDefs(document: ShapeDocument, change: (shape: Shape) => Shape): ShapeDocument {
  const $defs = Object.fromEntries(Object.entries(document.$defs).map(([name, shape]) => [name, change(shape)]));
  return { ...document, $defs };
}
