/** Something to do that reports its end. */
export type Job = (done: () => void) => void;

/** Lets a bounded number of jobs run at once; the newest that waits goes first, since the oldest caller may have given up. */
export class Admission {
  readonly #inFlightMax: number;
  readonly #waiting: Job[] = [];
  #inFlight = 0;

  constructor(inFlightMax: number) {
    this.#inFlightMax = inFlightMax;
  }

  /** Runs the job now or later. */
  admit(job: Job): void {
    this.#waiting.push(job);
    this.#next();
  }

  #next(): void {
    if (this.#inFlight >= this.#inFlightMax) return;
    const job = this.#waiting.pop();
    if (job === undefined) return;
    this.#inFlight += 1;
    let isDone = false;
    job(() => {
      if (isDone) return;
      isDone = true;
      this.#inFlight -= 1;
      this.#next();
    });
  }
}
