/** Four 32-bit words, as `seedFromText` gives them. */
export type Words = readonly [number, number, number, number];

const BYTES = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

function hex4(word: number): string {
  return `${BYTES[(word >>> 8) & 255] ?? ''}${BYTES[word & 255] ?? ''}`;
}

function hex8(word: number): string {
  return hex4(word >>> 16) + hex4(word);
}

/** Four words as 32 hex digits. */
export function hexText([a, b, c, d]: Words): string {
  return hex8(a) + hex8(b) + hex8(c) + hex8(d);
}

/** Four words in the shape of a UUID: version 8, an identifier of our own making (RFC 9562). */
export function uuidText([a, b, c, d]: Words): string {
  const version = hex4((b & 0x0fff) | 0x8000);
  const variant = hex4(((c >>> 16) & 0x0fff) | 0xa000);
  return `${hex8(a)}-${hex4(b >>> 16)}-${version}-${variant}-${hex4(c)}${hex8(d)}`;
}
