import { createHmac } from 'node:crypto';
import { SCOPE_TERMINATOR } from './authorization.ts';

/** How many derived keys are kept; the oldest goes first. One is needed a key, day and region. */
export const SIGNING_KEYS_MAX = 1_024;

/** What a signing key is derived for; `date` is `YYYYMMDD`. */
export interface SigningScope {
  readonly accessKeyId: string;
  readonly date: string;
  readonly region: string;
  readonly service: string;
}

interface Entry {
  readonly secretAccessKey: string;
  readonly signingKey: Buffer;
}

/** Derives the signing keys of Signature Version 4 (four chained HMACs) and remembers the latest of them. */
export class SigningKeyCache {
  readonly #entries = new Map<string, Entry>();

  /** The key for this scope; derived anew if the secret of the access key has changed since. */
  keyOf(scope: SigningScope, secretAccessKey: string): Buffer {
    const id = `${scope.accessKeyId}/${scope.date}/${scope.region}/${scope.service}`;
    const known = this.#entries.get(id);
    if (known !== undefined && known.secretAccessKey === secretAccessKey) return known.signingKey;
    const signingKey = deriveSigningKey(scope, secretAccessKey);
    this.#entries.delete(id);
    this.#entries.set(id, { secretAccessKey, signingKey });
    if (this.#entries.size > SIGNING_KEYS_MAX) {
      for (const oldest of this.#entries.keys()) {
        this.#entries.delete(oldest);
        break;
      }
    }
    return signingKey;
  }

  get size(): number {
    return this.#entries.size;
  }
}

function deriveSigningKey({ date, region, service }: SigningScope, secretAccessKey: string): Buffer {
  let key: Buffer = hmac(`AWS4${secretAccessKey}`, date);
  for (const step of [region, service, SCOPE_TERMINATOR]) key = hmac(key, step);
  return key;
}

function hmac(key: string | Buffer, data: string): Buffer {
  return createHmac('sha256', key).update(data).digest();
}
