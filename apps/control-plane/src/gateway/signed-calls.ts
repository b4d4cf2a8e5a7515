import { hash } from 'node:crypto';
import { signatureUsed } from '#libs/aws-wire';
import type { DispatchResult } from './service-calls.ts';
import { isWorthARetry } from './response-memory.ts';
import type { RememberedCall, ResponseMemory } from './response-memory.ts';

/** Signatures that are remembered at most. */
const SIGNATURES_MAX = 65_536;
/** Equal calls of one second have one signature. They arrive within this time of each other … */
export const EQUAL_CALLS_MS_MAX = 2_000;
/** … and are at most so many. */
export const EQUAL_CALLS_MAX = 100;

/** A call that changes something, as its signature and its headers distinguish it from others. */
export interface SignedCall {
  /** 64 hex digits. */
  readonly signature: string;
  /** When it was signed, ms since the epoch; whole seconds. */
  readonly signedAt: number;
  /** Until when the signature is valid. */
  readonly validUntil: number;
  /** `amz-sdk-invocation-id`: one per call of an SDK, the same in its retries. Some SDKs do not sign it. */
  readonly invocationId: string | undefined;
}

interface Signature {
  readonly firstAt: number;
  readonly signedAt: number;
  readonly validUntil: number;
  /** By invocation id; the one that came first is first. */
  readonly calls: Map<string, RememberedCall>;
}

/**
 * Serves each signed call once, for as long as its signature is valid: a sender that repeats it, a retry, a proxy or a stranger
 * who has seen it on the wire, gets the response to the first one. README.md of libs/aws-wire has the reasons.
 */
export class SignedCalls {
  readonly #memory: ResponseMemory;
  readonly #now: () => number;
  readonly #signaturesMax: number;
  /** In the order of arrival. */
  readonly #signatures = new Map<string, Signature>();
  /** Calls that were signed until then may have been forgotten. */
  #forgottenUntil = Number.NEGATIVE_INFINITY;

  constructor(memory: ResponseMemory, now: () => number, signaturesMax = SIGNATURES_MAX) {
    this.#memory = memory;
    this.#now = now;
    this.#signaturesMax = signaturesMax;
  }

  /** `serve` gets an id that is the same whenever the call is sent again. */
  run(call: SignedCall, serve: (callId: string) => Promise<DispatchResult>): Promise<DispatchResult> {
    const signature = this.#signatureOf(call);
    if (signature === undefined) return Promise.resolve({ error: signatureUsed() });
    const id = this.#idOf(call, signature);
    const known = signature.calls.get(id);
    if (known !== undefined) return known.response ?? Promise.resolve({ error: signatureUsed() });
    const response = serve(callIdOf(call.signature, id)).then((result) => {
      if (isWorthARetry(result)) signature.calls.delete(id);
      else this.#memory.keep(remembered, result);
      return result;
    });
    const remembered: RememberedCall = { response };
    signature.calls.set(id, remembered);
    return response;
  }

  #signatureOf({ signature, signedAt, validUntil }: SignedCall): Signature | undefined {
    const known = this.#signatures.get(signature);
    if (known !== undefined) return known;
    if (signedAt <= this.#forgottenUntil) return undefined;
    const added = { firstAt: this.#now(), signedAt, validUntil, calls: new Map<string, RememberedCall>() };
    this.#signatures.set(signature, added);
    this.#forget();
    return added;
  }

  /** Calls of one second that are equal are distinguished by their invocation ids, while it may still be that second. */
  #idOf({ invocationId = '' }: SignedCall, { firstAt, calls }: Signature): string {
    if (calls.size === 0 || calls.has(invocationId)) return invocationId;
    const mayBeAnother =
      invocationId !== '' && calls.size < EQUAL_CALLS_MAX && this.#now() - firstAt <= EQUAL_CALLS_MS_MAX;
    return mayBeAnother ? invocationId : ([...calls.keys()][0] ?? invocationId);
  }

  /** What is not valid any more; then, when there are still too many, the oldest, and with them all of their time. */
  #forget(): void {
    const now = this.#now();
    for (const [text, { validUntil, signedAt }] of this.#signatures) {
      if (validUntil >= now) {
        if (this.#signatures.size <= this.#signaturesMax) return;
        this.#forgottenUntil = Math.max(this.#forgottenUntil, signedAt);
      }
      this.#signatures.delete(text);
    }
  }
}

/** Signatures are recorded nowhere; the id of a call is. */
function callIdOf(signature: string, invocationId: string): string {
  const digest = hash('sha256', `${signature} ${invocationId}`);
  const [a, b, c, d, e] = [0, 8, 12, 16, 20].map((start, i) => digest.slice(start, [8, 12, 16, 20, 32][i]));
  return `${a}-${b}-${c}-${d}-${e}`;
}
