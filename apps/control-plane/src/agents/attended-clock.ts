/** Longer pauses than this between two readings do not count in full: this process was stopped, asleep or blocked. */
const UNATTENDED_MS_MAX = 2_000;

/**
 * The time in which this process could hear anybody, in ms. Silence is measured with it: an agent is not lost because
 * the wall clock was set, or because nobody listened. It must be read each second.
 */
export class AttendedClock {
  readonly #steadyNow: () => number;
  #readAt: number;
  #time = 0;

  constructor(steadyNow: () => number = () => performance.now()) {
    this.#steadyNow = steadyNow;
    this.#readAt = steadyNow();
  }

  now(): number {
    const steady = this.#steadyNow();
    this.#time += Math.min(steady - this.#readAt, UNATTENDED_MS_MAX);
    this.#readAt = steady;
    return this.#time;
  }
}
