import { JOURNAL_END } from '../world/names.ts';
import type { SimJournal } from '../world/sim-journal.ts';
import { LEASE_TTL_MS } from '../world/sim-lease.ts';
import type { SimLease } from '../world/sim-lease.ts';
import type { SimNetwork } from '../world/sim-network.ts';
import type { SimProcess } from '../world/sim-process.ts';
import type { VirtualClock } from '../world/virtual-clock.ts';

/** As in the product: how often a lease is renewed, and how much earlier than the server its holder gives it up. */
const RENEWAL_MS = 1_000;
const MARGIN_MS = 500;

export interface LeaseCampaignOptions {
  readonly process: SimProcess;
  readonly world: {
    readonly clock: VirtualClock;
    readonly network: SimNetwork;
    readonly journal: SimJournal;
    readonly lease: SimLease;
  };
  readonly onAcquired: () => void;
  readonly onLost: (reason: string) => void;
}

/** One process's wish to hold the lease, over the virtual network. */
export class SimLeaseCampaign {
  readonly #options: LeaseCampaignOptions;
  /** How long it believes in a lease that has run out (ms): a machine that was suspended does. */
  overstayMs = 0;
  /** Until then its claims and renewals are not answered. */
  unansweredUntil = 0;
  #until = 0;

  constructor(options: LeaseCampaignOptions) {
    this.#options = options;
  }

  /** As far as this process knows. */
  get isHeld(): boolean {
    return this.#now() < this.#until + this.overstayMs;
  }

  /** Asks for the lease again and again, as long as the process lives. */
  start(holder: string): void {
    const { process, world } = this.#options;
    const { network, journal, lease } = world;
    const until = this.#now() + LEASE_TTL_MS - MARGIN_MS;
    const answered = process.guarded((mine: boolean) => this.#answered(mine, until));
    network.send(process.name, JOURNAL_END, null, () => {
      if (journal.isDown || this.#now() < this.unansweredUntil) return;
      const mine = lease.claim(holder);
      network.send(JOURNAL_END, process.name, null, () => answered(mine));
    });
    process.after(RENEWAL_MS, () => this.start(holder));
  }

  /** The process has died. */
  forget(): void {
    this.#until = 0;
  }

  #answered(mine: boolean, until: number): void {
    if (!mine) {
      if (this.isHeld && this.overstayMs === 0) this.#lose('another process has it');
      return;
    }
    // An old answer says nothing about now.
    if (until <= this.#now()) return;
    const wasHeld = this.isHeld;
    this.#until = Math.max(this.#until, until);
    this.#watch();
    if (!wasHeld) this.#options.onAcquired();
  }

  /** Looks when the lease runs out by this process's own reckoning. */
  #watch(): void {
    const until = this.#until;
    this.#options.process.after(until + this.overstayMs - this.#now(), () => {
      if (this.#until !== until) return;
      if (this.isHeld) this.#watch();
      else this.#lose('it was not renewed in time');
    });
  }

  #lose(reason: string): void {
    this.#until = 0;
    this.#options.onLost(reason);
  }

  #now(): number {
    return this.#options.world.clock.now();
  }
}
