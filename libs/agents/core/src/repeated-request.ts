import { backoffMs } from '#libs/kernel';
import { ANSWER_TIMEOUT_MS, RETRY_MS_MAX, RETRY_MS_MIN } from './limits.ts';

/** When to send a request of one kind: one at a time, again after a pause that grows while none is answered. Times in ms. */
export class RepeatedRequest {
  #inFlight: { readonly requestId: number; readonly deadline: number } | null = null;
  #lastRequestId = 0;
  #failures = 0;
  #retryAt = 0;

  /** The next moment at which time alone lets a request go; null: one may go at once. */
  get deadline(): number | null {
    if (this.#inFlight !== null) return this.#inFlight.deadline;
    return this.#retryAt > 0 ? this.#retryAt : null;
  }

  /** The request that has had no answer for too long. */
  overdue(now: number): number | undefined {
    return this.#inFlight !== null && now >= this.#inFlight.deadline ? this.#inFlight.requestId : undefined;
  }

  /** Whether the next one may go. One that is overdue has failed. */
  mayGo(now: number): boolean {
    const lost = this.overdue(now);
    if (lost !== undefined) this.failed(lost, now);
    return this.#inFlight === null && now >= this.#retryAt;
  }

  /** It goes. @returns its number */
  send(now: number): number {
    this.#retryAt = 0;
    this.#lastRequestId += 1;
    this.#inFlight = { requestId: this.#lastRequestId, deadline: now + ANSWER_TIMEOUT_MS };
    return this.#lastRequestId;
  }

  /** True: the answer is for the request that is waited for. */
  answered(requestId: number): boolean {
    if (this.#inFlight?.requestId !== requestId) return false;
    this.#inFlight = null;
    this.#failures = 0;
    return true;
  }

  /** Not answered, or not now. True: it is the request that is waited for. */
  failed(requestId: number, now: number): boolean {
    if (this.#inFlight?.requestId !== requestId) return false;
    this.#inFlight = null;
    this.#failures += 1;
    this.#retryAt = now + backoffMs(this.#failures, RETRY_MS_MIN, RETRY_MS_MAX);
    return true;
  }

  /** The connection is gone: what is on its way will not be answered. A new one starts without a pause. */
  abandon(): void {
    this.#inFlight = null;
    this.#failures = 0;
    this.#retryAt = 0;
  }
}
