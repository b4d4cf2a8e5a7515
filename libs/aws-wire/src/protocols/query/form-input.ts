import type { ServiceModel, Shape, ShapeDocument } from '#libs/kernel';
import { serializationError } from '../../framework-errors.ts';
import { dereference, inputShape } from '../../shapes.ts';
import { WireError } from '../../wire-error.ts';
import type { WireInput } from '../../wire-input.ts';
import type { RequestContent } from '../wire-protocol.ts';
import { readForm, type FormNode } from './form-tree.ts';
import { listItems } from './list-items.ts';
import { scalarOf } from './scalar-text.ts';

/**
 * Reads the form of an AWS Query request into plain values by the operation's shape. Members that the model does not know
 * are left out. A text that is no value of its type stays a text, which `InputValidator` then refuses.
 */
export function readFormInput(
  service: ServiceModel,
  operation: string,
  request: RequestContent,
): WireInput | WireError {
  const form = readForm(request);
  if (form instanceof WireError) return form;
  const reader = new FormReader(service.shapes);
  const input = reader.read(inputShape(service.shapes, operation), form);
  return reader.fault ?? (input as WireInput);
}

class FormReader {
  /** The first thing that is no form of the shape. */
  fault: WireError | undefined;
  readonly #document: ShapeDocument;

  constructor(document: ShapeDocument) {
    this.#document = document;
  }

  read(shape: Shape, node: FormNode): unknown {
    const target = dereference(this.#document, shape);
    if (target.type === 'array') return this.#list(target, shape.xmlFlattened === true, node);
    if (target.type !== 'object') return scalarOf(target, shape.timestampFormat, node);
    // A structure, and a list or map without anything in it, is sent as a key without a value.
    if (node.children.size === 0 && node.value !== undefined && node.value !== '') return node.value;
    return target.properties === undefined
      ? this.#map(target, shape.xmlFlattened === true, node)
      : this.#structure(target.properties, node);
  }

  #structure(properties: Readonly<Record<string, Shape>>, node: FormNode): object {
    const members: [string, unknown][] = [];
    for (const [name, member] of Object.entries(properties)) {
      const child = node.children.get(member.xmlName ?? name);
      if (child !== undefined) members.push([name, this.read(member, child)]);
    }
    return Object.fromEntries(members);
  }

  #list({ items = {} }: Shape, isFlattened: boolean, node: FormNode): unknown {
    const holder = isFlattened ? node : node.children.get(items.xmlName ?? 'member');
    return this.#items(holder).map((item) => this.read(items, item));
  }

  #map({ additionalProperties, xmlKeyName = 'key' }: Shape, isFlattened: boolean, node: FormNode): object {
    const values = typeof additionalProperties === 'object' ? additionalProperties : {};
    const entries = this.#items(isFlattened ? node : node.children.get('entry')).map(({ children }) => {
      const value = children.get(values.xmlName ?? 'value') ?? EMPTY;
      return [children.get(xmlKeyName)?.value ?? '', this.read(values, value)];
    });
    return Object.fromEntries(entries) as object;
  }

  #items(holder: FormNode | undefined): readonly FormNode[] {
    const items = listItems(holder?.children ?? new Map<string, FormNode>(), EMPTY);
    if (typeof items !== 'string') return items;
    this.fault ??= serializationError(items);
    return [];
  }
}

/** An item between others that was left out. */
const EMPTY: FormNode = { value: '', children: new Map() };
