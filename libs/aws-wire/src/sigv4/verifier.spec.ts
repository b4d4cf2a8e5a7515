import { createHash, createHmac } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { WireError } from '../wire-error.ts';
import { SIGNING_KEYS_MAX, SigningKeyCache } from './signing-keys.ts';
import { createSigV4Verifier, SKEW_SECONDS_LIMIT, type SigV4Request, type SigV4VerifierOptions } from './verifier.ts';

// The key pair of the examples in the AWS documentation.
const accessKeyId = 'AKIDEXAMPLE';
const secretAccessKey = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY';
const nowMs = Date.UTC(2015, 7, 30, 12, 36, 0);

/** The signer of the SDK asks for a hash class; this is node's. */
class Sha256 {
  readonly #hash: ReturnType<typeof createHash> | ReturnType<typeof createHmac>;

  constructor(secret?: unknown) {
    this.#hash = secret === undefined ? createHash('sha256') : createHmac('sha256', secret as Buffer);
  }

  update(data: Uint8Array): void {
    this.#hash.update(data);
  }

  digest(): Promise<Uint8Array> {
    return Promise.resolve(new Uint8Array(this.#hash.digest()));
  }

  reset(): void {
    throw new Error('The signer makes a new hash each time.');
  }
}

interface Unsigned {
  readonly method?: string;
  readonly path?: string;
  readonly query?: Record<string, string | string[]>;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

interface Signing {
  readonly at?: number;
  readonly region?: string;
  readonly service?: string;
  readonly keyId?: string;
  readonly secret?: string;
  readonly sessionToken?: string;
  readonly applyChecksum?: boolean;
}

/** Signs with the SDK's own signer, and gives the request as node:http would hand it over. */
async function signed(request: Unsigned = {}, signing: Signing = {}): Promise<SigV4Request> {
  const { method = 'POST', path = '/', query = {}, body = '{}' } = request;
  const signer = new SignatureV4({
    service: signing.service ?? 'ecs',
    region: signing.region ?? 'us-east-1',
    credentials: {
      accessKeyId: signing.keyId ?? accessKeyId,
      secretAccessKey: signing.secret ?? secretAccessKey,
      ...(signing.sessionToken === undefined ? {} : { sessionToken: signing.sessionToken }),
    },
    sha256: Sha256,
    applyChecksum: signing.applyChecksum ?? true,
  });
  const headers = {
    host: '127.0.0.1:8420',
    'content-type': 'application/x-amz-json-1.1',
    'x-amz-target': 'AmazonEC2ContainerServiceV20141113.RunTask',
    ...request.headers,
  };
  const result = await signer.sign(
    { method, path, query, body, headers, protocol: 'http:', hostname: '127.0.0.1' },
    { signingDate: new Date(signing.at ?? nowMs) },
  );
  const pairs = Object.entries(query).flatMap(([name, value]) => [value].flat().map((one) => [name, one] as const));
  const queryText = pairs.map(([name, one]) => `${encodeURIComponent(name)}=${encodeURIComponent(one)}`).join('&');
  const wireHeaders = Object.fromEntries(
    Object.entries(result.headers).map(([name, value]) => [name.toLowerCase(), Buffer.from(value).toString('latin1')]),
  );
  return { method, path, query: queryText, headers: wireHeaders, body: Buffer.from(body) };
}

function newVerifier(options: Partial<SigV4VerifierOptions<string>> = {}) {
  return createSigV4Verifier<string>({
    service: 'ecs',
    regions: ['us-east-1', 'eu-central-1'],
    lookupSecret: (id) => (id === accessKeyId ? { secretAccessKey, principal: 'root' } : undefined),
    now: () => nowMs,
    ...options,
  });
}

const root = { accessKeyId, principal: 'root' };

function withHeader(request: SigV4Request, name: string, value: string | string[] | undefined): SigV4Request {
  return { ...request, headers: { ...request.headers, [name]: value } };
}

function withAuthorization(request: SigV4Request, change: (header: string) => string): SigV4Request {
  return withHeader(request, 'authorization', change(String(request.headers['authorization'])));
}

describe('accepts what real signers sign', () => {
  test.each<[string, Unsigned, Signing]>([
    ['a plain call', {}, {}],
    ['a call without a payload hash header, as the AWS CLI sends it', {}, { applyChecksum: false }],
    ['another configured region', {}, { region: 'eu-central-1' }],
    ['runs of blanks in a header', { headers: { 'x-amz-meta': '  a   b\t c ' } }, {}],
    ['an empty header', { headers: { 'x-amz-meta': '' } }, {}],
    ['a header in UTF-8', { headers: { 'x-amz-meta': 'ключ ሴ é à' } }, {}],
    ['a body in UTF-8', { body: '{"cluster":"é ሴ 😀"}' }, {}],
    ['an empty body', { body: '' }, {}],
    ['an encoded path', { path: '/%E1%88%B4/a%20b/' }, {}],
    ['a path to be normalised', { path: '/a/./b//../c' }, {}],
    ['a query out of order', { query: { b: ['2', '1'], a: '', ሴ: 'é&=+ ~', A: '/' } }, {}],
    ['the edge of the past', {}, { at: nowMs - 300_000 }],
    ['the edge of the future', {}, { at: nowMs + 300_000 }],
  ])('%s', async (_, request, signing) => {
    expect(newVerifier().verify(await signed(request, signing))).toMatchObject(root);
  });

  test('the example of the AWS documentation, whose signature is published', () => {
    const request: SigV4Request = {
      method: 'GET',
      path: '/',
      query: '',
      headers: {
        host: 'example.amazonaws.com',
        'x-amz-date': '20150830T123600Z',
        authorization:
          'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=host;x-amz-date, ' +
          'Signature=5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31',
      },
      body: new Uint8Array(),
    };
    expect(newVerifier({ service: 'service' }).verify(request)).toMatchObject(root);
  });

  test('headers as lists of lines, and several lines of one header', async () => {
    const request = await signed({ headers: { 'x-amz-meta': 'a,b' } });
    const lines = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, [String(value)]]));
    expect(newVerifier().verify({ ...request, headers: { ...lines, 'x-amz-meta': ['a', ' b '] } })).toMatchObject(root);
  });

  test('parts of the header without blanks or in another order', async () => {
    const request = await signed();
    const verifier = newVerifier();
    expect(verifier.verify(withAuthorization(request, (header) => header.replaceAll(', ', ',')))).toMatchObject(root);
    const reordered = withAuthorization(request, (header) => {
      const [algorithm = '', ...parts] = header.split(' ');
      return `${algorithm}   ${parts
        .map((part) => part.replace(/,$/, ''))
        .reverse()
        .join(' ,  ')}`;
    });
    expect(verifier.verify(reordered)).toMatchObject(root);
  });

  test('the same request twice: identical calls in one second carry identical signatures', async () => {
    const verifier = newVerifier();
    const [one, other] = [await signed(), await signed()];
    expect(one).toEqual(other);
    expect([verifier.verify(one), verifier.verify(other)]).toMatchObject([root, root]);
  });

  test('and says which signature it was, when it was made, and until when it is valid', async () => {
    const request = await signed({}, { at: nowMs - 1_000 });
    const [, signature] = /Signature=([0-9a-f]{64})/.exec(String(request.headers['authorization'])) ?? [];
    expect(newVerifier({ skewSecondsMax: 60 }).verify(request)).toEqual({
      ...root,
      signature,
      signedAt: nowMs - 1_000,
      validUntil: nowMs + 59_000,
    });
  });

  test('a secret that was changed, at once and no longer the old one', async () => {
    let secret = secretAccessKey;
    const verifier = newVerifier({ lookupSecret: () => ({ secretAccessKey: secret, principal: 'root' }) });
    const old = await signed();
    expect(verifier.verify(old)).toMatchObject(root);
    secret = 'another';
    expect(verifier.verify(old)).toMatchObject({ type: 'InvalidSignatureException' });
    expect(verifier.verify(await signed({}, { secret: 'another' }))).toMatchObject(root);
  });
});

describe('refuses', () => {
  const refusals: [string, string, (request: SigV4Request) => SigV4Request][] = [
    ['no Authorization', 'MissingAuthenticationTokenException', (r) => withHeader(r, 'authorization', undefined)],
    ['another scheme', 'MissingAuthenticationTokenException', (r) => withHeader(r, 'authorization', 'Bearer abc')],
    [
      'another algorithm',
      'IncompleteSignatureException',
      (r) => withAuthorization(r, (h) => h.replace('SHA256', 'SHA512')),
    ],
    ['no parts', 'IncompleteSignatureException', (r) => withHeader(r, 'authorization', 'AWS4-HMAC-SHA256')],
    [
      'no signature',
      'IncompleteSignatureException',
      (r) => withAuthorization(r, (h) => h.replace(/, Signature=.*/, '')),
    ],
    [
      'an empty signature',
      'IncompleteSignatureException',
      (r) => withAuthorization(r, (h) => h.replace(/Signature=.*/, 'Signature=')),
    ],
    [
      'a part twice',
      'IncompleteSignatureException',
      (r) => withAuthorization(r, (h) => `${h}, Signature=${'0'.repeat(64)}`),
    ],
    ['a part too many', 'IncompleteSignatureException', (r) => withAuthorization(r, (h) => `${h}, More=1`)],
    ['a part without an equal-sign', 'IncompleteSignatureException', (r) => withAuthorization(r, (h) => `${h}, More`)],
    [
      'a signature in capitals',
      'IncompleteSignatureException',
      (r) => withAuthorization(r, (h) => h.replace(/[0-9a-f]{64}$/, 'A'.repeat(64))),
    ],
    ['a short signature', 'IncompleteSignatureException', (r) => withAuthorization(r, (h) => h.slice(0, -1))],
    [
      'a scope of six parts',
      'IncompleteSignatureException',
      (r) => withAuthorization(r, (h) => h.replace('/ecs/', '/ecs/x/')),
    ],
    [
      'a scope of four parts',
      'IncompleteSignatureException',
      (r) => withAuthorization(r, (h) => h.replace('/ecs/', '/')),
    ],
    [
      'signed headers out of order',
      'IncompleteSignatureException',
      (r) => withAuthorization(r, (h) => h.replace('content-type;host', 'host;content-type')),
    ],
    [
      'a signed header twice',
      'IncompleteSignatureException',
      (r) => withAuthorization(r, (h) => h.replace('host', 'host;host')),
    ],
    [
      'two Authorization headers',
      'IncompleteSignatureException',
      (r) => withHeader(r, 'authorization', [String(r.headers['authorization']), 'AWS4-x']),
    ],
    ['two targets', 'IncompleteSignatureException', (r) => withHeader(r, 'x-amz-target', ['a', 'b'])],
    [
      'a presigned query',
      'IncompleteSignatureException',
      (r) => ({ ...r, query: 'X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Signature=0' }),
    ],
    ['no date', 'IncompleteSignatureException', (r) => withHeader(r, 'x-amz-date', undefined)],
    ['a date that is none', 'IncompleteSignatureException', (r) => withHeader(r, 'x-amz-date', '20150230T123600Z')],
    [
      'a date in another form',
      'IncompleteSignatureException',
      (r) => withHeader(r, 'x-amz-date', '2015-08-30T12:36:00Z'),
    ],
    [
      'a host that is not signed',
      'InvalidSignatureException',
      (r) => withAuthorization(r, (h) => h.replace(';host', '')),
    ],
    ['an x-amz header that is not signed', 'InvalidSignatureException', (r) => withHeader(r, 'x-amz-added', '1')],
    ['a signed header that is missing', 'InvalidSignatureException', (r) => withHeader(r, 'content-type', undefined)],
    ['another service', 'InvalidSignatureException', (r) => withAuthorization(r, (h) => h.replace('/ecs/', '/s3/'))],
    [
      'another region',
      'InvalidSignatureException',
      (r) => withAuthorization(r, (h) => h.replace('us-east-1', 'us-west-9')),
    ],
    [
      'a configured region that was not signed',
      'InvalidSignatureException',
      (r) => withAuthorization(r, (h) => h.replace('us-east-1', 'eu-central-1')),
    ],
    [
      'another terminator',
      'InvalidSignatureException',
      (r) => withAuthorization(r, (h) => h.replace('aws4_request', 'aws5_request')),
    ],
    [
      'the day before in the scope',
      'InvalidSignatureException',
      (r) => withAuthorization(r, (h) => h.replace('20150830', '20150829')),
    ],
    ['another body', 'InvalidSignatureException', (r) => ({ ...r, body: Buffer.from('{} ') })],
    ['another method', 'InvalidSignatureException', (r) => ({ ...r, method: 'PUT' })],
    ['another path', 'InvalidSignatureException', (r) => ({ ...r, path: '/a' })],
    ['another query', 'InvalidSignatureException', (r) => ({ ...r, query: 'a=1' })],
    [
      'an unknown access key',
      'UnrecognizedClientException',
      (r) => withAuthorization(r, (h) => h.replace('AKIDEXAMPLE', 'AKIDEXAMPLF')),
    ],
  ];

  test.each(refusals)('%s with %s', async (_, type, change) => {
    const answer = newVerifier().verify(change(await signed()));
    expect(answer).toBeInstanceOf(WireError);
    expect(answer).toMatchObject({ type, httpStatus: 400 });
  });

  test.each(['UNSIGNED-PAYLOAD', 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD', '0'.repeat(64)])(
    'the payload hash %s',
    async (hash) => {
      const request = await signed({ headers: { 'x-amz-content-sha256': hash } });
      expect(newVerifier().verify(request)).toMatchObject({ type: 'InvalidSignatureException' });
    },
  );

  test('a clock that is off, in words on which SDKs correct theirs', async () => {
    expect(newVerifier().verify(await signed({}, { at: nowMs - 301_000 }))).toMatchObject({
      type: 'InvalidSignatureException',
      message: 'Signature expired: 20150830T123059Z is now earlier than 20150830T123100Z (20150830T123600Z - 5 min.)',
    });
    expect(newVerifier().verify(await signed({}, { at: nowMs + 301_000 }))).toMatchObject({
      type: 'InvalidSignatureException',
      message:
        'Signature not yet current: 20150830T124101Z is still later than 20150830T124100Z (20150830T123600Z + 5 min.)',
    });
  });

  test('a session token, for none is issued here', async () => {
    const request = await signed({}, { sessionToken: 'token' });
    expect(newVerifier().verify(request)).toMatchObject({ type: 'UnrecognizedClientException' });
  });

  test('an unknown key whatever it is signed with', async () => {
    for (const secret of [secretAccessKey, '', 'decoy']) {
      const request = await signed({}, { keyId: 'UNKNOWN', secret });
      expect(newVerifier().verify(request)).toMatchObject({ type: 'UnrecognizedClientException' });
    }
  });

  test('a skew beyond the limit, when it is made', () => {
    expect(() => newVerifier({ skewSecondsMax: SKEW_SECONDS_LIMIT + 1 })).toThrow(RangeError);
    expect(() => newVerifier({ skewSecondsMax: 0 })).toThrow(RangeError);
  });
});

describe('any change of what is signed is refused', () => {
  const request = fc.record({
    body: fc.string({ unit: 'binary' }),
    meta: fc.stringMatching(/^[!-~]([ -~]{0,30}[!-~])?$/),
    path: fc.stringMatching(/^(\/[A-Za-z0-9._~-]{0,6}){1,3}$/),
    query: fc.dictionary(fc.stringMatching(/^[a-z]{1,4}$/), fc.string({ maxLength: 6 }), {
      maxKeys: 3,
      noNullPrototype: true,
    }),
  });

  test('a bit of the body', async () => {
    await fc.assert(
      fc.asyncProperty(request, fc.nat(), fc.nat({ max: 7 }), async ({ body, meta, path, query }, at, bit) => {
        const original = await signed({ body: `${body}.`, path, query, headers: { 'x-amz-meta': meta } });
        expect(newVerifier().verify(original)).toMatchObject(root);
        const flipped = Buffer.from(original.body);
        const index = at % flipped.length;
        flipped[index] = (flipped[index] ?? 0) ^ (1 << bit);
        expect(newVerifier().verify({ ...original, body: flipped })).toBeInstanceOf(WireError);
      }),
    );
  });

  test('a character of a signed header, of the scope, of the list of headers or of the signature', async () => {
    await fc.assert(
      fc.asyncProperty(
        request,
        fc.nat(),
        fc.nat(),
        fc.integer({ min: 0x21, max: 0x7e }),
        async (given, which, at, code) => {
          const original = await signed({ ...given, headers: { 'x-amz-meta': given.meta } });
          const names = Object.keys(original.headers).sort();
          const name = names[which % names.length] ?? 'host';
          const value = String(original.headers[name]);
          const index = at % value.length;
          const replacement = String.fromCharCode(code);
          // A blank may be folded away and a separator of the header's own grammar may be read the same.
          fc.pre(
            value[index] !== replacement && value[index] !== ' ' && !(name === 'authorization' && replacement === ','),
          );
          const changed = value.slice(0, index) + replacement + value.slice(index + 1);
          expect(newVerifier().verify(withHeader(original, name, changed))).toBeInstanceOf(WireError);
        },
      ),
    );
  });

  test('no text in the Authorization header throws', async () => {
    const original = await signed();
    const piece = fc.constantFrom(
      'AWS4-HMAC-SHA256',
      ' ',
      ',',
      '=',
      '/',
      ';',
      'Credential',
      'SignedHeaders',
      'Signature',
      'host',
      '__proto__',
      'a',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.array(piece, { maxLength: 20 }).map((pieces) => pieces.join('')),
          fc.string(),
        ),
        (text) => {
          const header = `AWS4-HMAC-SHA256 ${text}`;
          expect(newVerifier().verify(withHeader(original, 'authorization', header))).toBeInstanceOf(WireError);
        },
      ),
    );
  });
});

describe('SigningKeyCache', () => {
  const scope = { accessKeyId, date: '20150830', region: 'us-east-1', service: 'iam' };

  test('derives the key that the AWS documentation publishes', () => {
    const key = new SigningKeyCache().keyOf(scope, secretAccessKey);
    expect(key.toString('hex')).toBe('c4afb1cc5771d871763a393e44b703571b55cc28424d1a5e86da6ed3c154a4b9');
  });

  test('remembers a bounded number of keys', () => {
    const cache = new SigningKeyCache();
    const first = cache.keyOf(scope, secretAccessKey);
    expect(cache.keyOf(scope, secretAccessKey)).toBe(first);
    for (let i = 0; i < SIGNING_KEYS_MAX + 10; i += 1) cache.keyOf({ ...scope, accessKeyId: `key${i}` }, 'secret');
    expect(cache.size).toBe(SIGNING_KEYS_MAX);
  });
});
