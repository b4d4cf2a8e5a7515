/** Types of the wire, as a value of plain JSON has them. */
const WIRE_TYPES = { Integer: 'number', Long: 'number', Double: 'number', Timestamp: 'number', Blob: 'string' };

const INTRODUCTION = `/*
 * The shapes of the service's model as they are on the wire: plain JSON, times as epoch seconds (never \`Date\`), blobs as
 * base64, members that a free document may hold as \`unknown\`.
 */
`;

/** The TypeScript types of a document's shapes, but of errors that only fail a request. */
export function typesOf({ errors, $defs }) {
  const others = Object.entries($defs).filter(([name]) => errors[name] === undefined);
  // Streams of events have errors as their members.
  const used = new Set(JSON.stringify(others).match(/(?<="#\/\$defs\/)\w+/g));
  const declarations = Object.entries($defs)
    .filter(([name]) => WIRE_TYPES[name] === undefined && (errors[name] === undefined || used.has(name)))
    .map(([name, shape]) => declarationOf(name, shape));
  return [INTRODUCTION, ...declarations].join('\n');
}

function declarationOf(name, shape) {
  if (shape.enum !== undefined)
    return `export type ${name} = ${shape.enum.map((value) => `'${value}'`).join(' | ')};\n`;
  if (shape.maxProperties === 1) return unionOf(name, shape);
  const members = Object.entries(shape.properties).map(
    ([member, target]) => `  readonly ${member}${shape.required?.includes(member) ? '' : '?'}: ${typeOf(target)};\n`,
  );
  return members.length === 0
    ? `export type ${name} = Readonly<Record<string, never>>;\n`
    : `export interface ${name} {\n${members.join('')}}\n`;
}

/** Exactly one of its members is there. */
function unionOf(name, { properties }) {
  const variants = Object.entries(properties).map(
    ([member, target]) => `  | { readonly ${member}: ${typeOf(target)} }\n`,
  );
  return `export type ${name} =\n${variants.join('').trimEnd()};\n`;
}

function typeOf(shape) {
  if (shape.$ref !== undefined) {
    const name = shape.$ref.slice('#/$defs/'.length);
    return WIRE_TYPES[name] ?? name;
  }
  if (shape.type === 'array') return `readonly ${itemOf(shape.items)}[]`;
  if (shape.type === 'object') return `Readonly<Record<string, ${typeOf(shape.additionalProperties)}>>`;
  return shape.type ?? 'unknown';
}

function itemOf(shape) {
  const type = typeOf(shape);
  return type.startsWith('readonly ') ? `(${type})` : type;
}
