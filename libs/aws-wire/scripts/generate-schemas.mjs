/**
 * Generates src/generated/ecs-input-schemas.ts: one JSON Schema document with every ECS input shape under `$defs`.
 *
 * Sources, all of them facts: the schemas that @aws-sdk/client-ecs exports (structures, members, required members), its
 * type declarations (which member takes which enum) and model-facts.json (what neither of them carries).
 *
 *   node libs/aws-wire/scripts/generate-schemas.mjs           writes the file
 *   node libs/aws-wire/scripts/generate-schemas.mjs --check   exits 1 if the committed file differs
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import ts from 'typescript';
import * as sdk from '@aws-sdk/client-ecs';

const require = createRequire(import.meta.url);
const here = import.meta.dirname;
const target = path.join(here, '../src/generated/ecs-input-schemas.ts');
const facts = JSON.parse(readFileSync(path.join(here, 'model-facts.json'), 'utf8'));

// The first element of a static schema of the SDK, and its numbers for simple shapes.
const LIST = 1;
const MAP = 2;
const STRUCTURE = 3;
const UNION = 4;
const OPERATION = 9;
const SIMPLE = {
  0: 'string',
  1: 'number',
  2: 'boolean',
  4: 'timestamp',
  5: 'timestamp',
  6: 'timestamp',
  7: 'timestamp',
  15: 'document',
};
const LIST_OF = 64;
const MAP_OF = 128;

/** The wire's own number types, named by `title`; values outside their ranges are wrong types, not wrong values. */
const NUMBERS = {
  Integer: { title: 'Integer', type: 'integer', minimum: -2147483648, maximum: 2147483647 },
  Long: { title: 'Long', type: 'integer', minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER },
  Double: { title: 'Double', type: 'number' },
  // Epoch seconds of the years 1 to 9999, so that no later step meets a time that it cannot print.
  Timestamp: { title: 'Timestamp', type: 'number', minimum: -62135596800, maximum: 253402300799.999 },
};

/** Reads `Interface.member -> Enum` and the values of each enum from the SDK's declarations. */
function readEnums() {
  const types = path.join(path.dirname(require.resolve('@aws-sdk/client-ecs/package.json')), 'dist-types/models');
  const values = new Map();
  for (const [name, entries] of Object.entries(sdk)) {
    const members =
      typeof entries === 'object' && entries !== null && !Array.isArray(entries) ? Object.values(entries) : [];
    if (members.length > 0 && members.every((value) => typeof value === 'string')) values.set(name, members);
  }
  const enumOf = new Map();
  for (const file of ['models_0.d.ts', 'models_1.d.ts']) {
    const source = ts.createSourceFile(file, readFileSync(path.join(types, file), 'utf8'), ts.ScriptTarget.Latest);
    for (const statement of source.statements) {
      if (!ts.isInterfaceDeclaration(statement)) continue;
      for (const member of statement.members) {
        const written = member.type
          ?.getText(source)
          .replace(/ \| undefined$/, '')
          .replace(/\[\]$/, '');
        if (written !== undefined && values.has(written))
          enumOf.set(`${statement.name.text}.${member.name.getText(source)}`, written);
      }
    }
  }
  return { enumOf, values };
}

const { enumOf, values: enumValues } = readEnums();
const defs = new Map();

/** Follows lazy references and drops member traits. */
function resolve(reference) {
  let schema = typeof reference === 'function' ? reference() : reference;
  if (Array.isArray(schema) && schema.length === 2) schema = typeof schema[0] === 'function' ? schema[0]() : schema[0];
  return schema;
}

const ref = (name) => ({ $ref: `#/$defs/${name}` });

/** Smithy patterns match the whole value; JSON Schema's match anywhere. */
function limitsOf({ kind: _kind, items: _items, pattern, ...limits } = {}) {
  return pattern === undefined ? limits : { ...limits, pattern: `^(?:${pattern})$` };
}

function addNumber(kind) {
  defs.set(kind, NUMBERS[kind]);
  return ref(kind);
}

/** A simple shape; `owner` is `Structure.member` or the name of the list that holds it. */
function simple(code, owner, fact) {
  const limits = limitsOf(fact);
  switch (SIMPLE[code]) {
    case 'string': {
      const name = enumOf.get(owner);
      if (name === undefined) return { type: 'string', ...limits };
      defs.set(name, { type: 'string', enum: enumValues.get(name) });
      return ref(name);
    }
    case 'number':
      return { ...addNumber(fact?.kind ?? 'Integer'), ...limits };
    case 'boolean':
      return { type: 'boolean' };
    case 'timestamp':
      return addNumber('Timestamp');
    case 'document':
      return {};
    default:
      throw new Error(`${owner} has an unknown simple schema ${code}`);
  }
}

function structure(schema) {
  const [kind, , name, , members, references, requiredCount = 0] = schema;
  if (defs.has(name)) return ref(name);
  const def = { type: 'object' };
  defs.set(name, def); // before the members, so that a shape that contains itself ends
  if (kind === UNION) Object.assign(def, { minProperties: 1, maxProperties: 1 });
  if (requiredCount > 0) def.required = members.slice(0, requiredCount);
  def.properties = Object.fromEntries(
    members.map((member, i) => [member, convert(references[i], `${name}.${member}`)]),
  );
  return ref(name);
}

function convert(reference, owner) {
  const schema = resolve(reference);
  if (typeof schema === 'number') {
    if (schema >= MAP_OF) return { type: 'object', additionalProperties: simple(schema - MAP_OF, owner) };
    if (schema >= LIST_OF) return { type: 'array', items: simple(schema - LIST_OF, owner, facts[owner]?.items) };
    return simple(schema, owner, facts[owner]);
  }
  const fact = facts[schema[2]];
  switch (schema[0]) {
    case STRUCTURE:
    case UNION:
      return structure(schema);
    case LIST: {
      const element = resolve(schema[4]);
      const items = typeof element === 'number' ? simple(element, owner, fact?.items) : convert(element, owner);
      return { type: 'array', ...limitsOf(fact), items };
    }
    case MAP:
      return { type: 'object', additionalProperties: convert(schema[5], owner) };
    default:
      throw new Error(`${owner} has an unknown schema kind ${schema[0]}`);
  }
}

function generate() {
  const inputs = new Map();
  for (const operation of Object.values(sdk)) {
    if (!Array.isArray(operation) || operation[0] !== OPERATION) continue;
    const input = resolve(operation[4]);
    structure(input);
    inputs.set(operation[2], input[2]);
  }
  const byName = ([a], [b]) => (a < b ? -1 : 1);
  const line = ([name, value]) => `    ${JSON.stringify(name)}: ${JSON.stringify(value)},\n`;
  return [
    '// Generated by libs/aws-wire/scripts/generate-schemas.mjs; do not edit. One line a shape, so that a bump is read as a diff.\n',
    "import type { InputSchemaDocument } from '../input-schema.types.ts';\n\n",
    'export const ecsInputSchemas: InputSchemaDocument = {\n',
    "  $id: 'urn:waybill:ecs:2014-11-13',\n",
    '  inputs: {\n',
    ...[...inputs].sort(byName).map(line),
    '  },\n  $defs: {\n',
    ...[...defs].sort(byName).map(line),
    '  },\n};\n',
  ].join('');
}

const generated = generate();
if (process.argv.includes('--check')) {
  if (readFileSync(target, 'utf8') !== generated) {
    process.stderr.write(
      'src/generated/ecs-input-schemas.ts differs from what the SDK says: run scripts/generate-schemas.mjs\n',
    );
    process.exitCode = 1;
  }
} else {
  writeFileSync(target, generated);
}
