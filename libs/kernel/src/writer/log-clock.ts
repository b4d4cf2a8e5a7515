/** How fast the log's time passes while it is ahead of the wall clock: nearly as fast, so that the two meet again. */
const RATE_WHILE_AHEAD = 0.9;

/**
 * The time that a writer records and measures deadlines with. It follows the wall clock forward at once, never runs back
 * and never stands still: when the wall clock is set back, or the log's last commit is from a clock that was ahead,
 * time passes on from there, a little slower until the wall clock has caught up.
 */
export class LogClock {
  readonly #wallNow: () => number;
  readonly #steadyNow: () => number;
  #time: number;
  #readAt: number;

  /**
   * @param wallNow ms since the epoch; may jump
   * @param steadyNow ms from any start; never jumps
   * @param notBefore the time of the log's last commit
   */
  constructor(wallNow: () => number, steadyNow: () => number, notBefore: number) {
    this.#wallNow = wallNow;
    this.#steadyNow = steadyNow;
    this.#time = notBefore;
    this.#readAt = steadyNow();
  }

  /** ms since the epoch, a whole number. */
  now(): number {
    const steady = this.#steadyNow();
    const passed = Math.max(0, steady - this.#readAt);
    this.#readAt = steady;
    this.#time = Math.max(this.#wallNow(), this.#time + passed * RATE_WHILE_AHEAD);
    return Math.floor(this.#time);
  }
}
