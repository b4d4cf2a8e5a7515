/** Longer pauses than this between two readings do not count in full: this process was stopped, asleep or blocked. */
const UNATTENDED_MS_MAX = 2_000;

/**
 * The time in which this process could hear agents, in ms. Silence is measured with it: an agent is not lost because
 * the wall clock was set, or because this process did not listen. It must be read each second.
 */
export class AttendedClock {
  readonly #monotonic: () => number;
  #readAt: number;
  #time = 0;

  /** @param monotonic ms of a clock that only ever advances */
  constructor(monotonic: () => number) {
    this.#monotonic = monotonic;
    this.#readAt = monotonic();
  }

  now(): number {
    const at = this.#monotonic();
    this.#time += Math.min(at - this.#readAt, UNATTENDED_MS_MAX);
    this.#readAt = at;
    return this.#time;
  }
}
