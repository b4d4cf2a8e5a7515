/** The lease's life, as in the product: who does not renew it for this long has lost it. */
export const LEASE_TTL_MS = 3_000;

/** The key that says who should write. Kept where the journal is; it says who should try, the journal says who wins. */
export class SimLease {
  readonly #now: () => number;
  #holder: string | null = null;
  #expiresAt = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Takes or renews. True: this holder has it for another TTL from now. */
  claim(holder: string): boolean {
    if (this.#holder !== holder && this.#now() < this.#expiresAt) return false;
    this.#holder = holder;
    this.#expiresAt = this.#now() + LEASE_TTL_MS;
    return true;
  }
}
