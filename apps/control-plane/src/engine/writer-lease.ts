import type { Lease, LeaseHandlers } from '#libs/engine';
import type { Campaign, Leases } from '../journal/lease/lease-thread.ts';

/** The lease of an installation's writer. */
export class WriterLease implements Lease {
  readonly #leases: Leases;
  readonly #key: string;
  #campaign: Campaign | null = null;

  /** @param account an installation has one writer */
  constructor(leases: Leases, account: string) {
    this.#leases = leases;
    this.#key = `writer.${account}`;
  }

  get isHeld(): boolean {
    return this.#campaign?.held === true;
  }

  get holding(): number {
    return this.#campaign?.holding ?? 0;
  }

  campaign(holder: string, { acquired, lost }: LeaseHandlers): void {
    this.#campaign = this.#leases.campaign(this.#key, holder, { onAcquired: acquired, onLost: lost });
  }

  resign(done: () => void): void {
    void Promise.resolve(this.#campaign?.resign()).finally(done);
  }
}

/** For a process that never writes. */
export const noLease: Lease = {
  isHeld: false,
  holding: 0,
  campaign: () => {},
  resign: (done) => queueMicrotask(done),
};
