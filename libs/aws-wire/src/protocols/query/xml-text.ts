/** Characters that XML 1.0 has no way to write, escaped or not: controls, halves of pairs, and two that are none. */
const NOT_IN_XML = /[^\P{Cc}\t\n\r]|\p{Cs}|[\ufffe\uffff]/gu;

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\r': '&#13;',
};

/** A text as the content of an element; what cannot be written becomes a question mark. */
export function xmlText(text: string): string {
  return text.replace(NOT_IN_XML, '?').replace(/[&<>"\r]/g, (character) => ESCAPES[character] ?? character);
}

/** `<name>text</name>`. */
export function xmlElement(name: string, text: string): string {
  return `<${name}>${xmlText(text)}</${name}>`;
}
