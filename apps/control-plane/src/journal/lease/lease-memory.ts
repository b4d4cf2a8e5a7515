const HELD_UNTIL = 0;
const OWNER_SEEN_AT = 1;
const NANOSECONDS_PER_MS = 1_000_000n;

/** ms of the machine's monotonic clock: the same for every thread, where `performance.now` begins anew in each. */
export function monotonicMs(): number {
  return Number(process.hrtime.bigint() / NANOSECONDS_PER_MS);
}

/** What the thread that keeps a lease and the thread that uses it know of each other, without a message. */
export class LeaseMemory {
  readonly buffer: SharedArrayBuffer;
  readonly #moments: BigInt64Array;

  constructor(buffer = new SharedArrayBuffer(2 * BigInt64Array.BYTES_PER_ELEMENT)) {
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

  /** When the thread that uses the lease last had a turn. */
  get ownerSeenAt(): number {
    return Number(Atomics.load(this.#moments, OWNER_SEEN_AT));
  }

  set ownerSeenAt(moment: number) {
    Atomics.store(this.#moments, OWNER_SEEN_AT, BigInt(Math.floor(moment)));
  }
}
