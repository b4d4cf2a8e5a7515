import type { SimulatedHostOptions } from '#libs/container-runtime';
import type { Cancel, Clock } from '#libs/kernel';
import { processClock } from '#libs/platform';

/** How exact the agents' wake-ups are. */
const TICK_MS = 100;

interface WakeUp {
  act: (() => void) | null;
}

/**
 * The time of all agents of a process. What came in since the last turn is worked off together, step by step for all of
 * them, so that the reports of one host's tasks gather in one message; and one timer wakes them all.
 */
export class FleetLoop implements Clock {
  /** The simulated hosts' own: their delays are short, so they have real timers. */
  readonly machines: SimulatedHostOptions['clock'] = {
    wall: () => processClock.wall(),
    after: (delayMs, act) => processClock.after(delayMs, act),
    soon: (act) => this.soon(act),
  };
  #soon: (() => void)[] = [];
  #isTurnDue = false;
  #isStopped = false;
  /** By the tick in which they are due. */
  readonly #wakeUps = new Map<number, WakeUp[]>();
  #tick: number;
  readonly #timer: NodeJS.Timeout;

  constructor() {
    this.#tick = this.#tickAt(0);
    this.#timer = setInterval(() => this.#wake(), TICK_MS);
  }

  wall(): number {
    return processClock.wall();
  }

  monotonic(): number {
    return processClock.monotonic();
  }

  after(delayMs: number, act: () => void): Cancel {
    const wakeUp: WakeUp = { act };
    const tick = this.#tickAt(delayMs) + 1;
    const due = this.#wakeUps.get(tick);
    if (due === undefined) this.#wakeUps.set(tick, [wakeUp]);
    else due.push(wakeUp);
    return () => {
      wakeUp.act = null;
    };
  }

  soon(act: () => void): void {
    this.#soon.push(act);
    if (this.#isTurnDue || this.#isStopped) return;
    this.#isTurnDue = true;
    setImmediate(() => this.#turn());
  }

  stop(): void {
    this.#isStopped = true;
    clearInterval(this.#timer);
  }

  #turn(): void {
    while (!this.#isStopped && this.#soon.length > 0) {
      const soon = this.#soon;
      this.#soon = [];
      for (const act of soon) act();
    }
    this.#isTurnDue = false;
  }

  #tickAt(delayMs: number): number {
    return Math.floor((processClock.monotonic() + delayMs) / TICK_MS);
  }

  #wake(): void {
    const now = this.#tickAt(0);
    for (; this.#tick <= now; this.#tick += 1) {
      const due = this.#wakeUps.get(this.#tick);
      this.#wakeUps.delete(this.#tick);
      for (const { act } of due ?? []) act?.();
    }
  }
}
