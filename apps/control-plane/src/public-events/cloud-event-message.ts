import { MsgHdrsImpl } from '@nats-io/transport-node';
import type { PublicEvent } from '#libs/kernel';

/** What an attribute may hold as it is. Everything else is percent-encoded, as the binding to NATS asks for. */
const NEEDS_ENCODING = /[^!#$&-~]/;
const ENCODED = /[^!#$&-~]+/g;

/** Encoded at once: the client library keeps a map and lists of values for each header, which costs more than the event. */
class PreparedHeaders extends MsgHdrsImpl {
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    super();
    this.#bytes = bytes;
  }

  override encode(): Uint8Array {
    return this.#bytes;
  }
}

/** The headers of an event in the binary mode of CloudEvents: an attribute each, `ce-datacontenttype` among them. */
export function binaryHeaders({ attributes }: PublicEvent): MsgHdrsImpl {
  let text = 'NATS/1.0\r\n';
  for (const name in attributes) text += `ce-${name}: ${headerValue(attributes[name] ?? '')}\r\n`;
  return new PreparedHeaders(Buffer.from(`${text}\r\n`));
}

/** An event in the structured mode of CloudEvents: JSON with the attributes, and EventBridge's JSON as its data. */
export function structuredText({ attributes, body }: PublicEvent): string {
  return `${JSON.stringify(attributes).slice(0, -1)},"data":${body}}`;
}

/** The headers of an event in structured mode. */
export const structuredHeaders: MsgHdrsImpl = new PreparedHeaders(
  Buffer.from('NATS/1.0\r\ncontent-type: application/cloudevents+json\r\n\r\n'),
);

function headerValue(value: string): string {
  return NEEDS_ENCODING.test(value) ? value.replaceAll(ENCODED, percentEncoded) : value;
}

/** Characters outside the printable range, the space, `"` and `%`. */
function percentEncoded(characters: string): string {
  return Array.from(Buffer.from(characters), (byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('');
}
