/** ECS_TASK_METADATA_RPS_LIMIT: the ECS agent's defaults. */
const REQUESTS_PER_SECOND_STEADY = 40;
const REQUESTS_BURST_MAX = 60;
const MS_PER_SECOND = 1000;

/** A bucket of turns for all containers of the host together: 60 at once, 40 per second in the long run. */
export class RateLimit {
  #turns = REQUESTS_BURST_MAX;
  #filledAt: number;

  /** @param now ms of a clock that never runs back */
  constructor(now: number) {
    this.#filledAt = now;
  }

  /** Whether a request may be served. */
  take(now: number): boolean {
    const filled = ((now - this.#filledAt) / MS_PER_SECOND) * REQUESTS_PER_SECOND_STEADY;
    this.#turns = Math.min(REQUESTS_BURST_MAX, this.#turns + filled);
    this.#filledAt = now;
    if (this.#turns < 1) return false;
    this.#turns -= 1;
    return true;
  }
}
