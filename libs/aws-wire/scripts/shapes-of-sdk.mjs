import { NormalizedSchema } from '@smithy/core/schema';

/** The wire's own types, named by `title`; numbers outside their ranges are wrong types, not wrong values. */
const WIRE_TYPES = {
  Integer: { title: 'Integer', type: 'integer', minimum: -2147483648, maximum: 2147483647 },
  Long: { title: 'Long', type: 'integer', minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER },
  Double: { title: 'Double', type: 'number' },
  // Epoch seconds of the years 1 to 9999, so that no later step meets a time that it cannot print.
  Timestamp: { title: 'Timestamp', type: 'number', minimum: -62135596800, maximum: 253402300799.999 },
  Blob: { title: 'Blob', type: 'string', pattern: '^[A-Za-z0-9+/]*={0,2}$' },
};
/** By the number of a timestamp's schema; 4 and 5 are ISO 8601 in AWS Query, and AWS JSON has its own. */
const TIMESTAMP_FORMATS = { 6: 'http-date', 7: 'epoch-seconds' };

const ref = (name) => ({ $ref: `#/$defs/${name}` });

/** Smithy patterns match the whole value; JSON Schema's match anywhere. */
function limitsOf({ kind: _kind, items: _items, pattern, ...limits } = {}) {
  return pattern === undefined ? limits : { ...limits, pattern: `^(?:${pattern})$` };
}

/**
 * The shapes of a service from the schemas of its SDK: every one that an input, an output or an error reaches.
 *
 * @param operations the SDK's operation schemas, `[9, namespace, name, traits, input, output]`
 * @param errors the SDK's error schemas, `[-3, namespace, name, traits, members, schemas]`
 * @param facts what the SDK leaves out, by `Structure.member` or list: number types, ranges, lengths, patterns
 * @param enumOf the name of a member's enum, by `Structure.member`
 * @param enumValues the values of each enum
 */
export function shapesOf({ id, operations, errors = [], facts = {}, enumOf = new Map(), enumValues = new Map() }) {
  const defs = new Map();
  const named = (name, def) => {
    if (!defs.has(name)) defs.set(name, def);
    return ref(name);
  };

  /** A simple shape; `owner` is `Structure.member` or the name of the list that holds it. */
  function simple(schema, owner, fact) {
    if (schema.isTimestampSchema()) {
      const timestampFormat = TIMESTAMP_FORMATS[schema.getSchema()];
      return { ...named('Timestamp', WIRE_TYPES.Timestamp), ...(timestampFormat && { timestampFormat }) };
    }
    const limits = limitsOf(fact);
    if (schema.isNumericSchema()) {
      const kind = fact?.kind ?? 'Integer';
      return { ...named(kind, WIRE_TYPES[kind]), ...limits };
    }
    if (schema.isStringSchema()) {
      const name = enumOf.get(owner);
      const { sensitive } = schema.getMergedTraits();
      return name === undefined
        ? { type: 'string', ...limits, ...(sensitive ? { isSensitive: true } : {}) }
        : named(name, { type: 'string', enum: enumValues.get(name) });
    }
    if (schema.isBooleanSchema()) return { type: 'boolean' };
    if (schema.isBlobSchema()) return named('Blob', WIRE_TYPES.Blob);
    if (schema.isDocumentSchema()) return {};
    throw new Error(`${owner} has the unknown schema ${schema.getName(true)}`);
  }

  function structure(schema) {
    const name = schema.getName();
    if (defs.has(name)) return ref(name);
    const def = { type: 'object' };
    defs.set(name, def); // before the members, so that a shape that contains itself ends
    if (schema.isUnionSchema()) Object.assign(def, { minProperties: 1, maxProperties: 1 });
    const [, , , , members, , requiredCount = 0] = schema.getSchema();
    if (requiredCount > 0) def.required = members.slice(0, requiredCount);
    def.properties = {};
    for (const [member, target] of schema.structIterator()) {
      const { xmlName, xmlFlattened } = target.getMergedTraits();
      def.properties[member] = {
        ...convert(target, `${name}.${member}`),
        ...(xmlName === undefined ? {} : { xmlName }),
        ...(xmlFlattened ? { xmlFlattened: true } : {}),
      };
    }
    return ref(name);
  }

  function convert(schema, owner) {
    const fact = facts[owner];
    if (schema.isListSchema()) {
      const list = Array.isArray(schema.getSchema()) ? facts[schema.getName()] : fact;
      return { type: 'array', ...limitsOf(list), items: part(schema.getValueSchema(), owner, list?.items) };
    }
    if (schema.isMapSchema()) {
      const { xmlName: xmlKeyName } = schema.getKeySchema().getMergedTraits();
      const values = part(schema.getValueSchema(), owner);
      return { type: 'object', additionalProperties: values, ...(xmlKeyName === undefined ? {} : { xmlKeyName }) };
    }
    return schema.isStructSchema() || schema.isUnionSchema() ? structure(schema) : simple(schema, owner, fact);
  }

  /** An item of a list or a value of a map. */
  function part(schema, owner, fact) {
    const { xmlName } = schema.getMergedTraits();
    const isSimple = !schema.isListSchema() && !schema.isMapSchema() && !schema.isStructSchema();
    return {
      ...(isSimple ? simple(schema, owner, fact) : convert(schema, owner)),
      ...(xmlName === undefined ? {} : { xmlName }),
    };
  }

  /** The name under `$defs` of an input or an output; undefined for none. */
  function root(reference) {
    const schema = NormalizedSchema.of(reference);
    if (schema.isUnitSchema()) return undefined;
    structure(schema);
    return schema.getName();
  }

  const byOperation = operations.map(([, , name, , input, output]) => {
    const shapes = { input: root(input), output: root(output) };
    return [name, JSON.parse(JSON.stringify(shapes))];
  });
  const byError = errors.map((error) => [error[2], errorOf(error, root)]);
  const sorted = (entries) => Object.fromEntries([...entries].sort(([a], [b]) => (a < b ? -1 : 1)));
  return { $id: id, operations: sorted(byOperation), errors: sorted(byError), $defs: sorted(defs) };
}

/** What an error's traits say beside its name; 400 and the caller's fault are what every other error is. */
function errorOf(schema, root) {
  const {
    error,
    httpError,
    awsQueryError: [queryCode, queryStatus] = [],
  } = NormalizedSchema.of(schema).getMergedTraits();
  root(schema);
  const httpStatus = queryStatus ?? httpError;
  return {
    ...(queryCode === undefined || queryCode === schema[2] ? {} : { queryCode }),
    ...(httpStatus === undefined || httpStatus === 400 ? {} : { httpStatus }),
    ...(error === 'server' ? { isServerFault: true } : {}),
  };
}
