import { backoffMs } from '#libs/kernel';
import { ANSWER_TIMEOUT_MS, RETRY_MS_MAX, RETRY_MS_MIN } from './limits.ts';

/**
 * `asking`: the control plane is to record it. `recorded`: the whole set is read once more, for what was placed before.
 * `settled`: nothing new can come. `over`: the agent may end.
 */
type DrainPhase = 'none' | 'asking' | 'recorded' | 'settled' | 'over';

/** How far an agent that is about to end has come: asked, recorded, its tasks gone, or out of patience. */
export class Drain {
  #phase: DrainPhase = 'none';
  #limitAt = 0;
  #inFlight: { readonly requestId: number; readonly deadline: number } | null = null;
  #lastRequestId = 0;
  #failures = 0;
  #retryAt = 0;

  /** @param limitAt when to end though tasks still run (ms) */
  begin(limitAt: number): void {
    if (this.#phase !== 'none') return;
    this.#phase = 'asking';
    this.#limitAt = limitAt;
  }

  /** The next moment at which time alone changes something. */
  deadline(mayAsk: boolean): number | null {
    if (!this.isUnderWay) return null;
    if (this.#phase !== 'asking' || !mayAsk) return this.#limitAt;
    return Math.min(this.#limitAt, this.#inFlight?.deadline ?? this.#retryAt);
  }

  /** The number of the next request, if one may go. */
  next(now: number): number | undefined {
    if (this.#inFlight !== null && now >= this.#inFlight.deadline) this.failed(this.#inFlight.requestId, now);
    if (this.#phase !== 'asking' || this.#inFlight !== null || now < this.#retryAt) return undefined;
    this.#lastRequestId += 1;
    this.#inFlight = { requestId: this.#lastRequestId, deadline: now + ANSWER_TIMEOUT_MS };
    return this.#lastRequestId;
  }

  /** Durable. True: the answer is for the request that is waited for. */
  recorded(requestId: number): boolean {
    if (this.#inFlight?.requestId !== requestId) return false;
    this.#inFlight = null;
    this.#phase = 'recorded';
    return true;
  }

  /** Not answered, or not now. */
  failed(requestId: number, now: number): void {
    if (this.#inFlight?.requestId !== requestId) return;
    this.#inFlight = null;
    this.#failures += 1;
    this.#retryAt = now + backoffMs(this.#failures, RETRY_MS_MIN, RETRY_MS_MAX);
  }

  /** The connection is gone: a new one starts without a pause. */
  abandon(): void {
    this.#inFlight = null;
    this.#failures = 0;
    this.#retryAt = 0;
  }

  /** The whole set was read. */
  setRead(): void {
    if (this.#phase === 'recorded') this.#phase = 'settled';
  }

  /** Deregistered: there is no instance to drain, and nothing will be placed. */
  deregistered(): void {
    if (this.#phase === 'asking' || this.#phase === 'recorded') this.#phase = 'settled';
  }

  get isUnderWay(): boolean {
    return this.#phase !== 'none' && this.#phase !== 'over';
  }

  /** True, once: the agent may end. @param isServed whether no task is here any more, as far as is known */
  ends(now: number, isServed: boolean): boolean {
    if (!this.isUnderWay) return false;
    if (now < this.#limitAt && !(isServed && this.#phase === 'settled')) return false;
    this.#phase = 'over';
    return true;
  }
}
