import type { Clock } from './ports.ts';

/**
 * Time for decisions: the wall clock, but never running back and never standing still. Set forward, it follows at once;
 * set back, it goes on at the pace of the monotonic clock until the wall clock has caught up.
 */
export class SteadyTime {
  readonly #clock: Clock;
  #wallAnchor: number;
  #monotonicAnchor: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#wallAnchor = clock.wall();
    this.#monotonicAnchor = clock.monotonic();
  }

  /** Whole ms since the epoch. */
  now(): number {
    const wall = this.#clock.wall();
    const monotonic = this.#clock.monotonic();
    const steady = this.#wallAnchor + (monotonic - this.#monotonicAnchor);
    if (wall <= steady) return Math.floor(steady);
    this.#wallAnchor = wall;
    this.#monotonicAnchor = monotonic;
    return wall;
  }
}
