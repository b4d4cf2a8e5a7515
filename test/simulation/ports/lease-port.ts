import type { Lease, LeaseHandlers } from '#libs/engine';
import { LEASE_RENEW_INTERVAL_MS, LEASE_SAFETY_MARGIN_MS, LEASE_TTL_MS } from '#libs/event-store';
import { JOURNAL_END } from '../world/names.ts';
import type { SimJournal } from '../world/sim-journal.ts';
import type { SimLease } from '../world/sim-lease.ts';
import type { SimNetwork } from '../world/sim-network.ts';
import type { SimProcess } from '../world/sim-process.ts';
import type { VirtualClock } from '../world/virtual-clock.ts';

export interface LeaseWorld {
  readonly clock: VirtualClock;
  readonly network: SimNetwork;
  /** The lease is kept where the journal is. */
  readonly journal: SimJournal;
  readonly lease: SimLease;
}

/** One process's wish to hold the lease, over the virtual network; it can be made to believe in a lease that has run out. */
export class LeasePort implements Lease {
  readonly #process: SimProcess;
  readonly #world: LeaseWorld;
  /** How long it believes in a lease that has run out (ms): a machine that was suspended does. */
  overstayMs = 0;
  /** Until then its claims and renewals are not answered. */
  unansweredUntil = 0;
  #holder = '';
  #handlers: LeaseHandlers | null = null;
  #until = 0;
  holding = 0;

  constructor(process: SimProcess, world: LeaseWorld) {
    this.#process = process;
    this.#world = world;
  }

  /** As far as this process knows. */
  get isHeld(): boolean {
    return this.#now() < this.#until + this.overstayMs;
  }

  campaign(holder: string, handlers: LeaseHandlers): void {
    this.#holder = holder;
    this.#handlers = handlers;
    this.#claim();
  }

  resign(done: () => void): void {
    const { network, journal, lease } = this.#world;
    const holder = this.#holder;
    this.forget();
    network.send(this.#process.name, JOURNAL_END, null, () => {
      if (!journal.isDown) lease.release(holder);
    });
    this.#process.after(0, done);
  }

  /** The process has died. */
  forget(): void {
    this.#handlers = null;
    this.#until = 0;
  }

  /** Asks again and again, as long as the campaign goes on. */
  #claim(): void {
    const { network, journal, lease } = this.#world;
    const process = this.#process;
    const holder = this.#holder;
    if (this.#handlers === null) return;
    const until = this.#now() + LEASE_TTL_MS - LEASE_SAFETY_MARGIN_MS;
    const answered = process.guarded((isOurs: boolean) => this.#answered(isOurs, until));
    network.send(process.name, JOURNAL_END, null, () => {
      if (journal.isDown || this.#now() < this.unansweredUntil) return;
      const isOurs = lease.claim(holder);
      network.send(JOURNAL_END, process.name, null, () => answered(isOurs));
    });
    process.after(LEASE_RENEW_INTERVAL_MS, () => this.#claim());
  }

  #answered(isOurs: boolean, until: number): void {
    if (this.#handlers === null) return;
    if (!isOurs) {
      if (this.isHeld && this.overstayMs === 0) this.#lose('another process has it');
      return;
    }
    // An old answer says nothing about now.
    if (until <= this.#now()) return;
    const wasHeld = this.isHeld;
    this.#until = Math.max(this.#until, until);
    this.#watch();
    if (wasHeld) return;
    this.holding += 1;
    this.#handlers.acquired();
  }

  /** Looks when the lease runs out by this process's own reckoning. */
  #watch(): void {
    const until = this.#until;
    this.#process.after(until + this.overstayMs - this.#now(), () => {
      if (this.#until !== until) return;
      if (this.isHeld) this.#watch();
      else this.#lose('it was not renewed in time');
    });
  }

  #lose(reason: string): void {
    this.#until = 0;
    this.#handlers?.lost(reason);
  }

  #now(): number {
    return this.#world.clock.now();
  }
}
