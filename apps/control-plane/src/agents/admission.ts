/** Lets a bounded number of jobs run at once; the newest that waits goes first, since the oldest caller may have given up. */
export class Admission {
  readonly #inFlightMax: number;
  readonly #waiting: (() => Promise<void>)[] = [];
  #inFlight = 0;

  constructor(inFlightMax: number) {
    this.#inFlightMax = inFlightMax;
  }

  /** Runs the job now or later. The job handles its own errors. */
  admit(job: () => Promise<void>): void {
    this.#waiting.push(job);
    this.#next();
  }

  #next(): void {
    if (this.#inFlight >= this.#inFlightMax) return;
    const job = this.#waiting.pop();
    if (job === undefined) return;
    this.#inFlight += 1;
    void job().finally(() => {
      this.#inFlight -= 1;
      this.#next();
    });
  }
}
