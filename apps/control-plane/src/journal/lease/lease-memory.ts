const HELD_UNTIL = 0;
const OWNER_SEEN_AT = 1;
const HOLDING = 2;
const NANOSECONDS_PER_MS = 1_000_000n;

/** ms of the machine's monotonic clock: the same for every thread, where `performance.now` begins anew in each. */
export function monotonicMs(): number {
  return Number(process.hrtime.bigint() / NANOSECONDS_PER_MS);
}

/** What the thread that keeps a lease and the thread that uses it know of each other, without a message. */
export class LeaseMemory {
  readonly buffer: SharedArrayBuffer;
  readonly #moments: BigInt64Array;

  constructor(buffer = new SharedArrayBuffer(3 * BigInt64Array.BYTES_PER_ELEMENT)) {
    this.buffer = buffer;
    this.#moments = new BigInt64Array(buffer);
  }

  /** Until when the lease is certainly held. */
  get heldUntil(): number {
    return Number(Atomics.load(this.#moments, HELD_UNTIL));
  }

  set heldUntil(moment: number) {
    Atomics.store(this.#moments, HELD_UNTIL, BigInt(Math.floor(moment)));
  }

  /** How often the lease was acquired. */
  get holding(): number {
    return Number(Atomics.load(this.#moments, HOLDING));
  }

  /** The lease is certainly held until then: prolonged, or acquired once more. */
  holdUntil(moment: number): void {
    // Counted first: who sees that it is held sees which holding this is.
    if (monotonicMs() >= this.heldUntil) Atomics.add(this.#moments, HOLDING, 1n);
    this.heldUntil = moment;
  }

  /** When the thread that uses the lease last had a turn. */
  get ownerSeenAt(): number {
    return Number(Atomics.load(this.#moments, OWNER_SEEN_AT));
  }

  set ownerSeenAt(moment: number) {
    Atomics.store(this.#moments, OWNER_SEEN_AT, BigInt(Math.floor(moment)));
  }
}
