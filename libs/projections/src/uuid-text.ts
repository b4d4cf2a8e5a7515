function hex8(word: number): string {
  return word.toString(16).padStart(8, '0');
}

/** Four 32-bit words as 32 hex digits. */
export function hexText(words: readonly [number, number, number, number]): string {
  return hex8(words[0]) + hex8(words[1]) + hex8(words[2]) + hex8(words[3]);
}

/** Four 32-bit words in the shape of a UUID: version 8, an identifier of our own making (RFC 9562). */
export function uuidText(words: readonly [number, number, number, number]): string {
  const hex = hexText(words);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
}
