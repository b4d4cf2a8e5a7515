/** How many jobs begin in one turn of the event loop, and how many of one line may wait for theirs. */
export interface PacerLimits {
  readonly perTurnMax: number;
  readonly waitingPerLineMax: number;
}

/**
 * Lets a bounded number of jobs begin in one turn of the event loop; the others begin in the next turns, line by line. A burst
 * of requests that arrive together would otherwise all be read and checked before any timer is looked at.
 */
export class TurnPacer {
  readonly #limits: PacerLimits;
  /** The line whose turn it is comes first. */
  readonly #lines = new Map<string, (() => void)[]>();
  #begun = 0;
  #isTurnScheduled = false;

  constructor(limits: PacerLimits) {
    this.#limits = limits;
  }

  /** False: too many of this line wait already, and the job was not taken. */
  run(line: string, job: () => void): boolean {
    this.#scheduleTurn();
    if (this.#lines.size === 0 && this.#begun < this.#limits.perTurnMax) {
      this.#begun += 1;
      job();
      return true;
    }
    const waiting = this.#lines.get(line) ?? [];
    if (waiting.length >= this.#limits.waitingPerLineMax) return false;
    waiting.push(job);
    this.#lines.set(line, waiting);
    return true;
  }

  #scheduleTurn(): void {
    if (this.#isTurnScheduled) return;
    this.#isTurnScheduled = true;
    setImmediate(() => {
      this.#isTurnScheduled = false;
      this.#takeTurn();
    });
  }

  #takeTurn(): void {
    const jobs: (() => void)[] = [];
    for (const [line, waiting] of this.#lines) {
      if (jobs.length >= this.#limits.perTurnMax) break;
      jobs.push(...waiting.splice(0, 1));
      // It goes behind the others and is met again there.
      this.#lines.delete(line);
      if (waiting.length > 0) this.#lines.set(line, waiting);
    }
    this.#begun = jobs.length;
    if (jobs.length > 0) this.#scheduleTurn();
    for (const job of jobs) job();
  }
}
