import { RepeatedRequest } from './repeated-request.ts';

/**
 * `asking`: the control plane is to record it. `recorded`: the whole set is read once more, for what was placed before.
 * `settled`: nothing new can come. `over`: the agent may end.
 */
type DrainPhase = 'none' | 'asking' | 'recorded' | 'settled' | 'over';

/** How far an agent that is about to end has come: asked, recorded, its tasks gone, or out of patience. */
export class Drain {
  readonly #request = new RepeatedRequest();
  #phase: DrainPhase = 'none';
  #limitAt = 0;

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
    return Math.min(this.#limitAt, this.#request.deadline ?? 0);
  }

  /** The number of the next request, if one may go. */
  next(now: number): number | undefined {
    return this.#phase === 'asking' && this.#request.mayGo(now) ? this.#request.send(now) : undefined;
  }

  /** Durable. True: the answer is for the request that is waited for. */
  recorded(requestId: number): boolean {
    if (!this.#request.answered(requestId)) return false;
    this.#phase = 'recorded';
    return true;
  }

  /** Not answered, or not now. */
  failed(requestId: number, now: number): void {
    this.#request.failed(requestId, now);
  }

  /** The connection is gone. */
  abandon(): void {
    this.#request.abandon();
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
