import { isUtf8 } from 'node:buffer';
import { BODY_BYTES_MAX, requestEntityTooLarge, serializationError } from '../../framework-errors.ts';
import { JSON_DEPTH_MAX } from '../../json-input.ts';
import { WireError } from '../../wire-error.ts';
import type { RequestContent } from '../wire-protocol.ts';

/** A form as the tree that the dots in its keys make: `Tags.member.1.Key=team`. */
export interface FormNode {
  value?: string;
  readonly children: Map<string, FormNode>;
}

/** The form of a request: its body, or the query of a GET. */
export function readForm({ method, query, body }: RequestContent): FormNode | WireError {
  if (body.byteLength > BODY_BYTES_MAX) return requestEntityTooLarge();
  if (!isUtf8(body)) return serializationError('The request body is not valid UTF-8.');
  const root: FormNode = { children: new Map() };
  for (const [key, value] of new URLSearchParams(method === 'GET' ? query : Buffer.from(body).toString('utf8'))) {
    const steps = key.split('.');
    if (steps.length > JSON_DEPTH_MAX) {
      return serializationError(`The request nests deeper than ${JSON_DEPTH_MAX} levels.`);
    }
    // Of a key that is sent twice the first value counts.
    nodeAt(root, steps).value ??= value;
  }
  return root;
}

function nodeAt(root: FormNode, steps: readonly string[]): FormNode {
  let node = root;
  for (const step of steps) {
    let child = node.children.get(step);
    if (child === undefined) {
      child = { children: new Map() };
      node.children.set(step, child);
    }
    node = child;
  }
  return node;
}
