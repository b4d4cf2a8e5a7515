import type { Shape, ShapeDocument } from '#libs/kernel';
import { dereference } from '../../shapes.ts';
import { scalarText } from './scalar-text.ts';
import { xmlElement } from './xml-text.ts';

/** The members of a structure as elements, in the model's order. What the model does not know is left out. */
export function xmlMembers(document: ShapeDocument, shape: Shape, value: object): string {
  const { properties = {} } = dereference(document, shape);
  let xml = '';
  for (const [name, member] of Object.entries(properties)) {
    const memberValue = (value as Readonly<Record<string, unknown>>)[name];
    if (memberValue === undefined || memberValue === null) continue;
    xml += xmlMember(document, member.xmlName ?? name, member, memberValue);
  }
  return xml;
}

function xmlMember(document: ShapeDocument, name: string, shape: Shape, value: unknown): string {
  const target = dereference(document, shape);
  const isFlattened = shape.xmlFlattened === true;
  if (target.type === 'array') {
    const { items = {} } = target;
    const itemName = isFlattened ? name : (items.xmlName ?? 'member');
    const elements = (value as readonly unknown[]).map((item) => xmlMember(document, itemName, items, item)).join('');
    return isFlattened ? elements : `<${name}>${elements}</${name}>`;
  }
  if (target.type !== 'object') return xmlElement(name, scalarText(target, shape.timestampFormat, value));
  if (target.properties !== undefined) return `<${name}>${xmlMembers(document, shape, value as object)}</${name}>`;
  const entryName = isFlattened ? name : 'entry';
  const entries = Object.entries(value as object).map(([key, item]) => {
    const pair = xmlEntry(document, target, key, item);
    return `<${entryName}>${pair}</${entryName}>`;
  });
  return isFlattened ? entries.join('') : `<${name}>${entries.join('')}</${name}>`;
}

function xmlEntry(
  document: ShapeDocument,
  { additionalProperties, xmlKeyName }: Shape,
  key: string,
  value: unknown,
): string {
  const values = typeof additionalProperties === 'object' ? additionalProperties : {};
  return xmlElement(xmlKeyName ?? 'key', key) + xmlMember(document, values.xmlName ?? 'value', values, value);
}
