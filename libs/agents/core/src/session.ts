import { backoffMs } from '#libs/kernel';
import { ANSWER_TIMEOUT_MS, RETRY_MS_MAX, RETRY_MS_MIN, SESSION_STABLE_MS } from './limits.ts';

/**
 * When to ask for a session. `offline`: no connection to NATS; `pausing`: until the deadline; `opening`: the wanted set is
 * being read, or the session asked for, and the answer to the latest request is due by the deadline; `open`: accepted.
 */
type SessionPhase = 'offline' | 'pausing' | 'opening' | 'open';

/** The agent's side of a session, without the content: attempts, pauses, lost answers. */
export class Session {
  readonly #random: () => number;
  #phase: SessionPhase = 'offline';
  #deadline: number | null = null;
  #attempt = 0;
  #failures = 0;
  #openedAt = 0;

  /** @param random uniform in [0, 1): thousands of agents must not come back in the same millisecond */
  constructor(random: () => number) {
    this.#random = random;
  }

  get isOpen(): boolean {
    return this.#phase === 'open';
  }

  get isOpening(): boolean {
    return this.#phase === 'opening';
  }

  get deadline(): number | null {
    return this.#deadline;
  }

  /** The connection is there: ask, at once the first time, spread a little when everybody comes back. */
  connected(now: number): void {
    if (this.#phase !== 'offline') return;
    this.#pause(this.#attempt === 0 ? now : now + RETRY_MS_MIN * this.#random());
  }

  disconnected(): void {
    this.#phase = 'offline';
    this.#deadline = null;
  }

  /** What we have may be out of date: ask again without delay. */
  reopen(now: number): void {
    if (this.#phase === 'open') this.#pause(now);
  }

  /** True: the answer is for the request that we are waiting for. */
  answered(attempt: number): boolean {
    return this.#phase === 'opening' && attempt === this.#attempt;
  }

  accepted(now: number): void {
    this.#phase = 'open';
    this.#deadline = null;
    this.#openedAt = now;
  }

  /** Refused, lost, or closed by the other side: ask again after a pause that grows. */
  failed(now: number, pauseMsMin = 0): void {
    if (this.#phase === 'offline') return;
    if (this.#phase === 'open' && now - this.#openedAt >= SESSION_STABLE_MS) this.#failures = 0;
    this.#failures += 1;
    const pauseMs = Math.max(pauseMsMin, backoffMs(this.#failures, RETRY_MS_MIN, RETRY_MS_MAX));
    this.#pause(now + pauseMs * (0.75 + 0.5 * this.#random()));
  }

  /** The number of the first request of an opening that is to begin now, if one is. */
  due(now: number): number | undefined {
    if (this.#phase === 'opening' && this.#deadline !== null && now >= this.#deadline) this.failed(now);
    if (this.#phase !== 'pausing' || this.#deadline === null || now < this.#deadline) return undefined;
    this.#phase = 'opening';
    return this.goOn(now);
  }

  /** The number of the next request of the same opening. */
  goOn(now: number): number {
    this.#deadline = now + ANSWER_TIMEOUT_MS;
    this.#attempt += 1;
    return this.#attempt;
  }

  #pause(until: number): void {
    this.#phase = 'pausing';
    this.#deadline = until;
  }
}
