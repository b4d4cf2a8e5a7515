import type { SimulatedHostOptions } from '../src/simulated/simulated-host.ts';

type HostClock = SimulatedHostOptions['clock'];

/** Runs what is scheduled in the order of time, without waiting. */
export class VirtualTime implements HostClock {
  #now = 0;
  readonly #timers: { readonly at: number; readonly run: () => void }[] = [];

  wall(): number {
    return this.#now;
  }

  after(delayMs: number, run: () => void): () => void {
    const timer = { at: this.#now + delayMs, run };
    this.#timers.push(timer);
    return () => void this.#timers.splice(this.#timers.indexOf(timer), 1);
  }

  soon(run: () => void): void {
    this.after(0, run);
  }

  /** Everything that is scheduled, however late. */
  runAll(): void {
    this.#run(Number.POSITIVE_INFINITY);
  }

  /** What is due without any time passing. */
  runDue(): void {
    this.#run(this.#now);
  }

  elapse(ms: number): void {
    const until = this.#now + ms;
    this.#run(until);
    this.#now = until;
  }

  #run(until: number): void {
    for (;;) {
      const next = this.#timers.toSorted((a, b) => a.at - b.at)[0];
      if (next === undefined || next.at > until) return;
      this.#timers.splice(this.#timers.indexOf(next), 1);
      this.#now = Math.max(this.#now, next.at);
      next.run();
    }
  }
}
