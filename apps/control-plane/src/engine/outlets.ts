import type { Outlet } from '#libs/engine';
import type { Commit, DomainEvent } from '#libs/kernel';

/** What a module has going out of this process while it writes. */
export interface ProcessOutlet extends Outlet {
  /** Every commit that the views have, of this process or another. */
  delivered?(commit: Commit<DomainEvent>, streamRevision: number): void;
  /** Resolves when nothing is under way any more. Asked for after `close`. */
  settled?(): Promise<void>;
}

/** The outlets of all modules. A module adds its own before the application starts. */
export class Outlets {
  readonly all: ProcessOutlet[] = [];

  add(outlet: ProcessOutlet): void {
    this.all.push(outlet);
  }

  delivered(commit: Commit<DomainEvent>, streamRevision: number): void {
    for (const outlet of this.all) outlet.delivered?.(commit, streamRevision);
  }

  async settled(): Promise<void> {
    await Promise.all(this.all.map((outlet) => outlet.settled?.()));
  }
}
