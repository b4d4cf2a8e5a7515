import { isUtf8 } from 'node:buffer';
import type { ServiceModel } from '#libs/kernel';
import { BODY_BYTES_MAX, requestEntityTooLarge, serializationError } from './framework-errors.ts';
import { isDeeperThan } from './json-depth.ts';
import { inputShape } from './shapes.ts';
import { dropAbsentMembers } from './tidy-input.ts';
import { WireError } from './wire-error.ts';
import type { WireInput } from './wire-input.ts';

/** How deep a request body may nest; the deepest input of a model needs 9. */
export const JSON_DEPTH_MAX = 100;

/**
 * Reads the JSON body of a request into plain values. An empty body is an empty input. Members that mean "absent"
 * are gone afterwards. Types, required members and unknown members are the business of `validateInput`.
 *
 * @returns `SerializationException` if the body is not one JSON object in UTF-8, `RequestEntityTooLargeException` if it
 * is larger than `BODY_BYTES_MAX`.
 */
export function readJsonInput(
  service: ServiceModel,
  operation: string,
  body: Uint8Array | string,
): WireInput | WireError {
  const text = textOf(body);
  if (text instanceof WireError) return text;
  if (text.length === 0) return {};
  const input = parse(text);
  if (input instanceof WireError) return input;
  // Both are rare, and looking for them in the text is far cheaper than a walk through every input.
  if (text.includes('null') || text.includes('""')) {
    dropAbsentMembers(service, inputShape(service.shapes, operation), input);
  }
  return input;
}

function textOf(body: Uint8Array | string): string | WireError {
  const byteLength = typeof body === 'string' ? Buffer.byteLength(body) : body.byteLength;
  if (byteLength > BODY_BYTES_MAX) return requestEntityTooLarge();
  if (typeof body === 'string') return body;
  if (!isUtf8(body)) return serializationError('The request body is not valid UTF-8.');
  return Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8');
}

function parse(text: string): WireInput | WireError {
  if (isDeeperThan(text, JSON_DEPTH_MAX)) {
    return serializationError(`The request body nests deeper than ${JSON_DEPTH_MAX} levels.`);
  }
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    // The parser's own message quotes the body, which may hold secrets.
    if (error instanceof SyntaxError) return serializationError('The request body is not valid JSON.');
    throw error;
  }
  if (Array.isArray(parsed))
    return serializationError('Unrecognized collection type: the request body must be an object');
  if (typeof parsed !== 'object' || parsed === null) return serializationError('Unexpected value type in payload');
  return parsed as WireInput;
}
