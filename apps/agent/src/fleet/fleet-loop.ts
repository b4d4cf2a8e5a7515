import type { AgentCore } from '#libs/agents/core';
import type { Scheduler } from '#libs/container-runtime';

/** How exact the fleet's timers are. */
const TICK_MS = 100;

/** One host of the loop. */
export interface LoopMember {
  readonly core: AgentCore;
  /** Something came in since the loop last looked. Changed by the loop alone. */
  isTouched: boolean;
  work(): void;
}

/**
 * One loop for all agents of a process: what came in since the last turn is worked off together, step by step for all of
 * them, so that the reports of one host's tasks gather in one message. One timer for all deadlines.
 */
export class FleetLoop implements Scheduler {
  readonly now: () => number;
  readonly #hosts: LoopMember[] = [];
  #touched: LoopMember[] = [];
  #soon: (() => void)[] = [];
  #isTurnDue = false;
  #stopped = false;
  readonly #timer: NodeJS.Timeout;

  constructor(now: () => number) {
    this.now = now;
    this.#timer = setInterval(() => this.#tick(), TICK_MS);
  }

  add(host: LoopMember): void {
    this.#hosts.push(host);
  }

  /** Something came in for this host: it works in the next turn. */
  touch(host: LoopMember): void {
    if (host.isTouched) return;
    host.isTouched = true;
    this.#touched.push(host);
    this.#turnSoon();
  }

  after(delayMs: number, run: () => void): void {
    setTimeout(run, delayMs);
  }

  soon(run: () => void): void {
    this.#soon.push(run);
    this.#turnSoon();
  }

  stop(): void {
    this.#stopped = true;
    clearInterval(this.#timer);
  }

  #turnSoon(): void {
    if (this.#isTurnDue || this.#stopped) return;
    this.#isTurnDue = true;
    setImmediate(() => this.#turn());
  }

  #turn(): void {
    while (!this.#stopped && (this.#soon.length > 0 || this.#touched.length > 0)) {
      const soon = this.#soon;
      this.#soon = [];
      for (const run of soon) run();
      const touched = this.#touched;
      this.#touched = [];
      for (const host of touched) {
        host.isTouched = false;
        host.work();
      }
    }
    this.#isTurnDue = false;
  }

  #tick(): void {
    const now = this.now();
    for (const host of this.#hosts) {
      const deadline = host.core.nextDeadline();
      if (deadline === null || deadline > now) continue;
      host.core.tick(now);
      this.touch(host);
    }
  }
}
