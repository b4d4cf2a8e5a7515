import { LEASE_TTL_MS } from '#libs/event-store';

/** The key that says which process should write. Kept where the journal is, which says which one does. */
export class SimLease {
  readonly #now: () => number;
  #holder: string | null = null;
  #expiresAt = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Takes or renews. True: this holder has it for another TTL from now. */
  claim(holder: string): boolean {
    if (this.#holder !== null && this.#holder !== holder && this.#now() < this.#expiresAt) return false;
    this.#holder = holder;
    this.#expiresAt = this.#now() + LEASE_TTL_MS;
    return true;
  }

  /** Gives it back before its time, if it is still this holder's. */
  release(holder: string): void {
    if (this.#holder === holder) this.#holder = null;
  }
}
