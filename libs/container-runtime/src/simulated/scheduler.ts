/** Time for simulated hosts: real timers in a load test, a virtual clock in the simulation. */
export interface Scheduler {
  /** ms since the epoch. */
  now(): number;
  after(delayMs: number, run: () => void): void;
  /** After the current work, before any timer; must not run at once. */
  soon(run: () => void): void;
}
