import { createHash, createHmac, hash, randomBytes, timingSafeEqual } from 'node:crypto';
import {
  incompleteSignature,
  invalidSignature,
  signatureExpired,
  signatureNotYetCurrent,
  unrecognizedClient,
} from '../framework-errors.ts';
import { WireError } from '../wire-error.ts';
import { formatAmzDate, parseAmzDate } from './amz-date.ts';
import { ALGORITHM, parseAuthorization, SCOPE_TERMINATOR, type Authorization } from './authorization.ts';
import { canonicalRequest, type SignedRequestHeaders } from './canonical-request.ts';
import { SigningKeyCache } from './signing-keys.ts';

/** How far a client's clock may be off, by default; what AWS allows for most services. */
export const SKEW_SECONDS_DEFAULT = 300;

/** The widest skew that may be configured. */
export const SKEW_SECONDS_LIMIT = 900;

/** What is known of an access key. */
export interface AccessKeySecret<Principal> {
  readonly secretAccessKey: string;
  readonly principal: Principal;
}

export interface SigV4VerifierOptions<Principal> {
  /** The signing name of the service. */
  readonly service: string;
  /** The regions that a credential scope may name; `any` for a service that has none of its own. */
  readonly regions: readonly string[] | 'any';
  /** Seconds; at most {@link SKEW_SECONDS_LIMIT}. */
  readonly skewSecondsMax?: number;
  readonly lookupSecret: (accessKeyId: string) => AccessKeySecret<Principal> | undefined;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** A request as it came over the wire. */
export interface SigV4Request {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly headers: SignedRequestHeaders;
  readonly body: Uint8Array;
}

/** Who signed a request. */
export interface SigV4Identity<Principal> {
  readonly accessKeyId: string;
  readonly principal: Principal;
  /** 64 lower-case hex digits. */
  readonly signature: string;
  /** When it was signed, in whole seconds, and until when the signature is valid; ms since the epoch. */
  readonly signedAt: number;
  readonly validUntil: number;
}

/** Says who signed a request, or why it is refused. It answers at once: nothing in it waits. */
export interface SigV4Verifier<Principal> {
  verify(request: SigV4Request): SigV4Identity<Principal> | WireError;
}

/** Headers that decide who is asking for what; a second line of one would leave open which of them counts. */
const SINGLE_HEADERS = [
  'authorization',
  'host',
  'x-amz-content-sha256',
  'x-amz-date',
  'x-amz-security-token',
  'x-amz-target',
];

/** The parameters of presigned URLs, which this API does not take. */
const PRESIGNED_QUERY = /(?:^|&)X-Amz-(?:Algorithm|Credential|Signature)=/i;

/**
 * Checks AWS Signature Version 4 in the order in which AWS does: form of the header, date and skew, signed headers,
 * scope, access key, payload, signature. README.md says what is refused beyond that.
 */
export function createSigV4Verifier<Principal>(options: SigV4VerifierOptions<Principal>): SigV4Verifier<Principal> {
  const { service, regions, lookupSecret, now, skewSecondsMax = SKEW_SECONDS_DEFAULT } = options;
  if (!(skewSecondsMax > 0 && skewSecondsMax <= SKEW_SECONDS_LIMIT)) {
    throw new RangeError(
      `skewSecondsMax must be more than 0 and at most ${SKEW_SECONDS_LIMIT}, not ${skewSecondsMax}.`,
    );
  }
  const keys = new SigningKeyCache();
  // An unknown access key is checked against this secret, so that it takes as long to refuse as a wrong signature.
  const decoySecret = randomBytes(32).toString('hex');

  function verify(request: SigV4Request): SigV4Identity<Principal> | WireError {
    const authorization = readAuthorization(request);
    if (authorization instanceof WireError) return authorization;
    const amzDate = single(request.headers['x-amz-date']);
    const fault =
      checkDate(amzDate, now(), skewSecondsMax) ??
      checkSignedHeaders(request.headers, authorization.signedHeaderNames) ??
      checkScope(authorization, amzDate, service, regions);
    if (fault !== undefined) return fault;

    const { accessKeyId } = authorization;
    const secret = lookupSecret(accessKeyId);
    // The decoy's key is cached under a name that no access key id can have, so that strangers cannot fill the cache.
    const keyOwner = secret === undefined ? '/decoy' : accessKeyId;
    const signingKey = keys.keyOf({ ...authorization, accessKeyId: keyOwner }, secret?.secretAccessKey ?? decoySecret);
    const isSigned = hasSignature(request, authorization, amzDate, signingKey);
    // No temporary credentials are issued here, so a session token belongs to somebody else's.
    if (secret === undefined || single(request.headers['x-amz-security-token']) !== '') return unrecognizedClient();
    if (!isSigned) return invalidSignature();
    const signedAt = parseAmzDate(amzDate) ?? 0;
    const validUntil = signedAt + skewSecondsMax * 1_000;
    return { accessKeyId, principal: secret.principal, signature: authorization.signature, signedAt, validUntil };
  }

  return { verify };
}

function readAuthorization(request: SigV4Request): Authorization | WireError {
  if (PRESIGNED_QUERY.test(request.query)) {
    return incompleteSignature('Presigned requests are not supported: sign with the Authorization header.');
  }
  for (const name of SINGLE_HEADERS) {
    const value = request.headers[name];
    if (typeof value === 'object' && value.length > 1)
      return incompleteSignature(`The request has more than one '${name}' header.`);
  }
  const header = request.headers['authorization'];
  return parseAuthorization(header === undefined ? undefined : single(header));
}

function checkDate(amzDate: string, nowMs: number, skewSecondsMax: number): WireError | undefined {
  if (amzDate === '') return incompleteSignature("Authorization header requires existence of a 'X-Amz-Date' header.");
  const signedMs = parseAmzDate(amzDate);
  if (signedMs === undefined) return incompleteSignature(`Date must be in ISO-8601 'basic format'. Got '${amzDate}'.`);
  const skewMs = skewSecondsMax * 1_000;
  if (Math.abs(signedMs - nowMs) <= skewMs) return undefined;
  const isPast = signedMs < nowMs;
  const times = {
    signedAt: amzDate,
    serverTime: formatAmzDate(nowMs),
    limit: formatAmzDate(isPast ? nowMs - skewMs : nowMs + skewMs),
    skewSecondsMax,
  };
  return isPast ? signatureExpired(times) : signatureNotYetCurrent(times);
}

/** `host` and every `x-amz-*` header must be signed, or whoever stands between could add or change one. */
function checkSignedHeaders(headers: SignedRequestHeaders, signedNames: readonly string[]): WireError | undefined {
  if (!signedNames.includes('host')) {
    return invalidSignature("'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.");
  }
  for (const name in headers) {
    if (name.startsWith('x-amz-') && headers[name] !== undefined && !signedNames.includes(name)) {
      return invalidSignature(`'${name}' must be a 'SignedHeader' in the AWS Authorization.`);
    }
  }
  const absent = signedNames.find((name) => !Object.hasOwn(headers, name) || headers[name] === undefined);
  return absent === undefined ? undefined : invalidSignature(`The signed header '${absent}' is not in the request.`);
}

function checkScope(
  { date, region, service, terminator }: Authorization,
  amzDate: string,
  expectedService: string,
  regions: readonly string[] | 'any',
): WireError | undefined {
  const faults: string[] = [];
  if (regions !== 'any' && !regions.includes(region))
    faults.push(`Credential should be scoped to a valid region, not '${region}'.`);
  if (service !== expectedService) faults.push(`Credential should be scoped to correct service: '${expectedService}'.`);
  if (terminator !== SCOPE_TERMINATOR) {
    faults.push(`Credential should be scoped with a valid terminator: '${SCOPE_TERMINATOR}', not '${terminator}'.`);
  }
  const day = amzDate.slice(0, 8);
  if (date !== day) {
    faults.push(
      `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '${date}' != '${day}', from '${amzDate}'.`,
    );
  }
  return faults.length === 0 ? undefined : invalidSignature(faults.join(' '));
}

/** Signs the request again and compares. The payload's hash is always our own; what the client claims must agree. */
function hasSignature(
  request: SigV4Request,
  authorization: Authorization,
  amzDate: string,
  signingKey: Buffer,
): boolean {
  const payloadHash = hash('sha256', request.body);
  const claimed = single(request.headers['x-amz-content-sha256']);
  const canonical = canonicalRequest({ ...request, ...authorization, payloadHash });
  const { date, region, service } = authorization;
  const canonicalHash = createHash('sha256').update(canonical, byteEncoding(canonical)).digest('hex');
  const stringToSign = `${ALGORITHM}\n${amzDate}\n${date}/${region}/${service}/${SCOPE_TERMINATOR}\n${canonicalHash}`;
  const expected = createHmac('sha256', signingKey).update(stringToSign).digest();
  const isEqual = timingSafeEqual(expected, Buffer.from(authorization.signature, 'hex'));
  // Refuses UNSIGNED-PAYLOAD and STREAMING-… too: they are never the hash of the body.
  return isEqual && (claimed === '' || claimed === payloadHash);
}

/** `node:http` reads header bytes as latin1; encoding them back gives the bytes that the client signed. */
function byteEncoding(text: string): 'latin1' | 'utf8' {
  // oxlint-disable-next-line no-control-regex -- the range is exactly what one byte can hold
  return /^[\u0000-\u00ff]*$/.test(text) ? 'latin1' : 'utf8';
}

function single(value: string | readonly string[] | undefined): string {
  return (typeof value === 'object' ? value[0] : value) ?? '';
}
