const BEYOND_ASCII = /[\u0080-\uffff]/;

/** Bytes of a text in UTF-8. */
export function utf8Length(text: string): number {
  let bytes = text.length;
  // Nearly every text: one search is several times faster than looking at each character.
  if (!BEYOND_ASCII.test(text)) return bytes;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    // Each half of a surrogate pair is two of the pair's four bytes.
    if (code > 0x7ff) bytes += code >= 0xd800 && code <= 0xdfff ? 1 : 2;
    else if (code > 0x7f) bytes += 1;
  }
  return bytes;
}

/** Bytes of a value as JSON, the form in which everything is stored and sent. */
export function jsonBytes(value: unknown): number {
  return utf8Length(JSON.stringify(value));
}
