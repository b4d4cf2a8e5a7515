import type { DispatchResult } from './service-calls.ts';

/** A call that is being served or was served. */
export interface RememberedCall {
  /** Null when there was no more room for it. */
  response: Promise<DispatchResult> | null;
}

/** Responses that are kept take at most this much together. */
export const RESPONSE_CHARACTERS_KEPT_MAX = 16 * 1_024 * 1_024;
/** What a response takes besides its text. */
const OVERHEAD_CHARACTERS = 128;

/** Keeps the responses of calls within a budget; the oldest give way. */
export class ResponseMemory {
  readonly #kept: { readonly call: RememberedCall; readonly characters: number }[] = [];
  #first = 0;
  #characters = 0;

  /** A response that stays with its call for as long as there is room. */
  keep(call: RememberedCall, result: DispatchResult): void {
    const characters = OVERHEAD_CHARACTERS + ('error' in result ? result.error.message.length : result.body.length);
    this.#kept.push({ call, characters });
    this.#characters += characters;
    while (this.#characters > RESPONSE_CHARACTERS_KEPT_MAX) this.#dropOldest();
  }

  #dropOldest(): void {
    const oldest = this.#kept[this.#first];
    if (oldest === undefined) return;
    oldest.call.response = null;
    this.#characters -= oldest.characters;
    this.#first += 1;
    if (this.#first * 2 < this.#kept.length) return;
    this.#kept.splice(0, this.#first);
    this.#first = 0;
  }
}

/** Whether the caller will send the call again, and should be served then: nothing was done, or the outcome is unknown. */
export function isWorthARetry(result: DispatchResult): boolean {
  return 'error' in result && (result.error.httpStatus >= 500 || result.error.type === 'ThrottlingException');
}
