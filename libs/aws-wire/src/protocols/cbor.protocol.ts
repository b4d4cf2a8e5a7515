import type { WireProtocol } from './wire-protocol.ts';

/** Smithy RPC v2 with CBOR, which current SDKs speak with CloudWatch. */
export const cborProtocol: WireProtocol = {
  encodeError: ({ type, message, httpStatus }) => ({
    status: httpStatus,
    headers: { 'content-type': 'application/cbor', 'smithy-protocol': 'rpc-v2-cbor' },
    body: cborMap({ __type: type, message }),
  }),
};

const TEXT = 0x60;
const MAP = 0xa0;

/** A map of texts (RFC 8949); fewer than 24 members. */
function cborMap(members: Readonly<Record<string, string>>): Uint8Array {
  const pairs = Object.entries(members);
  return Buffer.concat([Buffer.of(MAP + pairs.length), ...pairs.flat().map(cborText)]);
}

function cborText(text: string): Uint8Array {
  const bytes = Buffer.from(text, 'utf8');
  const { length } = bytes;
  if (length < 24) return Buffer.concat([Buffer.of(TEXT + length), bytes]);
  const head = Buffer.of(TEXT + 26, 0, 0, 0, 0);
  head.writeUInt32BE(length, 1);
  return Buffer.concat([head, bytes]);
}
