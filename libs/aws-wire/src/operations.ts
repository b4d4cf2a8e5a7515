import { createRequire } from 'node:module';
import { unknownOperation } from './framework-errors.ts';
import { ecsInputSchemas } from './generated/ecs-input-schemas.ts';
import { ecsModel } from './services/service-model.ts';
import type { WireError } from './wire-error.ts';

/** A static structure schema of the SDK: `[3, namespace, name, traits, members, schemas, requiredCount?]`. */
export type SdkStructure = readonly [kind: 3, namespace: string, name: string, ...rest: unknown[]];

/** One operation of the ECS API. Its schemas are those that the SDK itself reads and writes by. */
export interface EcsOperation {
  readonly name: string;
  readonly inputSchema: SdkStructure;
  readonly outputSchema: SdkStructure;
}

/**
 * All operations of ECS by name. The names come from the generated document, which the SDK is the source of; a test
 * compares the two and pins how many there are.
 */
export const ecsOperations: ReadonlyMap<string, EcsOperation> = new Map(
  Object.keys(ecsInputSchemas.inputs).map((name) => [name, lazyOperation(name)]),
);

/** The operation that an `X-Amz-Target` header names, or `UnknownOperationException`. */
export function operationOfTarget(target: string | undefined): EcsOperation | WireError {
  const [prefix, name, ...more] = target?.split('.') ?? [];
  if (prefix !== ecsModel.targetPrefix || name === undefined || more.length > 0) return unknownOperation();
  return ecsOperations.get(name) ?? unknownOperation();
}

const load = createRequire(import.meta.url);

/**
 * Serving needs the names and the generated schemas only. The SDK's schemas are reachable through its main entry alone,
 * which takes longer to load than all the rest of this library, so it is loaded when a schema is first asked for.
 */
function lazyOperation(name: string): EcsOperation {
  return {
    name,
    get inputSchema() {
      return sdkStructure(name, 4);
    },
    get outputSchema() {
      return sdkStructure(name, 5);
    },
  };
}

/** The SDK writes an operation as `[9, namespace, name, traits, () => input, () => output]`. */
function sdkStructure(operationName: string, position: 4 | 5): SdkStructure {
  const sdk = load('@aws-sdk/client-ecs') as Readonly<Record<string, unknown>>;
  const operation = sdk[`${operationName}$`];
  const reference: unknown = Array.isArray(operation) ? operation[position] : undefined;
  const schema: unknown = typeof reference === 'function' ? reference() : reference;
  if (!isStructure(schema)) throw new Error(`The SDK has no structure schema at ${operationName}$[${position}].`);
  return schema;
}

function isStructure(schema: unknown): schema is SdkStructure {
  return Array.isArray(schema) && schema[0] === 3 && typeof schema[2] === 'string';
}
