import { incompleteSignature, missingAuthenticationToken } from '../framework-errors.ts';
import { WireError } from '../wire-error.ts';

export const ALGORITHM = 'AWS4-HMAC-SHA256';
export const SCOPE_TERMINATOR = 'aws4_request';

/** The parts of an `Authorization` header of Signature Version 4. */
export interface Authorization {
  readonly accessKeyId: string;
  /** The four parts of the credential scope, as the client sent them. */
  readonly date: string;
  readonly region: string;
  readonly service: string;
  readonly terminator: string;
  /** As sent, for the canonical request. */
  readonly signedHeaders: string;
  readonly signedHeaderNames: readonly string[];
  /** 64 lower-case hex digits. */
  readonly signature: string;
}

const PART_NAMES = ['Credential', 'SignedHeaders', 'Signature'] as const;
const SIGNATURE = /^[0-9a-f]{64}$/;
const SIGNED_HEADER = /^[!#$%&'*+.^_`|~0-9a-z-]+$/;
const ACCESS_KEY_ID = /^[\w+=,.@-]{1,128}$/;

/**
 * Reads the header strictly: one algorithm, each part exactly once, nothing else. What a lenient reader would guess,
 * an attacker can use to make two readers disagree.
 */
export function parseAuthorization(header: string | undefined): Authorization | WireError {
  if (header === undefined || !header.startsWith('AWS4-')) return missingAuthenticationToken();
  const space = header.indexOf(' ');
  const algorithm = space === -1 ? header : header.slice(0, space);
  if (algorithm !== ALGORITHM) {
    return incompleteSignature(`Unsupported AWS 'algorithm': '${algorithm}' (only ${ALGORITHM} for now).`);
  }
  const parts = readParts(space === -1 ? '' : header.slice(space + 1));
  return parts instanceof WireError ? parts : readValues(parts);
}

function readParts(text: string): Map<string, string> | WireError {
  const parts = new Map<string, string>();
  for (const piece of text.split(',')) {
    const part = piece.trim();
    const equals = part.indexOf('=');
    if (equals === -1) {
      if (part === '') continue;
      return incompleteSignature(`'${part}' not a valid key=value pair (missing equal-sign) in Authorization header.`);
    }
    const name = part.slice(0, equals);
    if (parts.has(name)) return incompleteSignature(`Authorization header has '${name}' more than once.`);
    parts.set(name, part.slice(equals + 1));
  }
  const missing = PART_NAMES.filter((name) => !parts.get(name));
  if (missing.length > 0) {
    return incompleteSignature(missing.map((name) => `Authorization header requires '${name}' parameter.`).join(' '));
  }
  if (parts.size > PART_NAMES.length) {
    return incompleteSignature(
      'Authorization header has parameters other than Credential, SignedHeaders and Signature.',
    );
  }
  return parts;
}

function readValues(parts: ReadonlyMap<string, string>): Authorization | WireError {
  const credential = parts.get('Credential') ?? '';
  const [accessKeyId, date, region, service, terminator, ...more] = credential.split('/');
  if (
    accessKeyId === undefined ||
    date === undefined ||
    region === undefined ||
    service === undefined ||
    terminator === undefined ||
    more.length > 0
  ) {
    return incompleteSignature(
      `Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '${credential}'`,
    );
  }
  if (!ACCESS_KEY_ID.test(accessKeyId))
    return incompleteSignature('Credential has an access key id that is not valid.');
  const signature = parts.get('Signature') ?? '';
  if (!SIGNATURE.test(signature))
    return incompleteSignature("Authorization header has a 'Signature' that is not 64 lower-case hex digits.");
  const signedHeaders = parts.get('SignedHeaders') ?? '';
  const signedHeaderNames = signedHeaders.split(';');
  for (const [i, name] of signedHeaderNames.entries()) {
    const previous = signedHeaderNames[i - 1];
    if (!SIGNED_HEADER.test(name) || (previous !== undefined && previous >= name)) {
      return incompleteSignature(
        "Authorization header has 'SignedHeaders' that are not lower-case, sorted and distinct.",
      );
    }
  }
  return { accessKeyId, date, region, service, terminator, signedHeaders, signedHeaderNames, signature };
}
