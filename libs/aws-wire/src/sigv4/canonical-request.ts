/** Header values by lower-case name, as `node:http` gives them (`headers` or `headersDistinct`), read as latin1. */
export type SignedRequestHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

/** What a signature covers. Strings are as they came over the wire, nothing decoded. */
export interface CanonicalRequestParts {
  readonly method: string;
  /** The path of the request target, still percent-encoded. */
  readonly path: string;
  /** The query string without the question mark, still percent-encoded; empty if there is none. */
  readonly query: string;
  readonly headers: SignedRequestHeaders;
  readonly signedHeaders: string;
  readonly signedHeaderNames: readonly string[];
  readonly payloadHash: string;
}

/** The canonical request of Signature Version 4 (IAM user guide, "Create a signed AWS API request", step 1). */
export function canonicalRequest(parts: CanonicalRequestParts): string {
  let text = `${parts.method}\n${canonicalPath(parts.path)}\n${canonicalQuery(parts.query)}\n`;
  for (const name of parts.signedHeaderNames) text += `${name}:${canonicalValue(parts.headers[name])}\n`;
  return `${text}\n${parts.signedHeaders}\n${parts.payloadHash}`;
}

/** One line a value: trimmed, runs of blanks folded to one; several lines of one header are joined with a comma. */
export function canonicalValue(value: string | readonly string[] | undefined): string {
  if (value === undefined) return '';
  return typeof value === 'string' ? folded(value) : value.map(folded).join(',');
}

/** Only blanks and tabs are trimmed: `trim` would also take U+00A0, which here is the last byte of a UTF-8 `à`. */
function folded(value: string): string {
  return value.replace(/[ \t]+/g, ' ').replace(/^ | $/g, '');
}

/**
 * Every service but S3 signs the normalised path, encoded once more than it was sent: dot segments are resolved, empty
 * segments dropped, and each `%` of the first encoding becomes `%25`.
 */
export function canonicalPath(path: string): string {
  if (path === '/' || path === '') return '/';
  const segments: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '..') segments.pop();
    else if (segment !== '' && segment !== '.') segments.push(percentEncode(segment));
  }
  return `/${segments.join('/')}${segments.length > 0 && path.endsWith('/') ? '/' : ''}`;
}

/** Names and values decoded and encoded anew, so that every spelling of the same query signs the same; then sorted. */
export function canonicalQuery(query: string): string {
  if (query === '') return '';
  const pairs: [name: string, value: string][] = [];
  for (const pair of query.split('&')) {
    if (pair === '') continue;
    const equals = pair.indexOf('=');
    const name = equals === -1 ? pair : pair.slice(0, equals);
    pairs.push([
      percentEncode(percentDecode(name)),
      percentEncode(percentDecode(equals === -1 ? '' : pair.slice(equals + 1))),
    ]);
  }
  pairs.sort(([nameA, valueA], [nameB, valueB]) => compare(nameA, nameB) || compare(valueA, valueB));
  return pairs.map(([name, value]) => `${name}=${value}`).join('&');
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** Decodes to bytes, one character a byte (latin1), so that no sequence of bytes can fail or be changed. */
function percentDecode(text: string): string {
  return text.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

/** Encodes every byte but the unreserved characters of RFC 3986; the text has one character a byte. */
function percentEncode(text: string): string {
  return text.replace(
    /[^A-Za-z0-9\-._~]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  );
}
