import type { StoredCommit } from '#libs/event-store';
import { decodeCommit } from '#libs/kernel';
import type { Commit, DomainEvent } from '#libs/kernel';
import type { SimJournal } from '../world/sim-journal.ts';
import type { SimProcess } from '../world/sim-process.ts';

const RESUBSCRIBE_PAUSE_MS = 250;

/**
 * apps/control-plane's CommitFeed over the virtual world: views are fed by this process's writers at the ack and by a
 * subscription to the journal; the second copy of a commit is known by its revision.
 */
export class SimCommitFeed {
  readonly #process: SimProcess;
  readonly #journal: SimJournal;
  readonly #sink: (commit: Commit<DomainEvent>) => void;
  readonly #revisions = new Map<string, number>();
  #position = 0;
  #subscription = 0;
  #end: () => void = () => {};

  constructor(process: SimProcess, journal: SimJournal, sink: (commit: Commit<DomainEvent>) => void) {
    this.#process = process;
    this.#journal = journal;
    this.#sink = sink;
  }

  revisionOf(shard: string): number {
    return this.#revisions.get(shard) ?? 0;
  }

  start(): void {
    this.#follow();
  }

  close(): void {
    this.#end();
  }

  accept(commit: Commit<DomainEvent>): void {
    if (commit.revision === this.revisionOf(commit.shard) + 1) this.#deliver(commit);
  }

  #follow(): void {
    this.#subscription += 1;
    const subscription = this.#subscription;
    this.#end = this.#journal.subscribe(this.#position, {
      onCommit: this.#process.guarded((stored: StoredCommit) => {
        if (subscription === this.#subscription) this.#received(stored);
      }),
      onFailed: this.#process.guarded(() => {
        if (subscription === this.#subscription) this.#process.after(RESUBSCRIBE_PAUSE_MS, () => this.#follow());
      }),
    });
  }

  #received(stored: StoredCommit): void {
    if (stored.revision === this.revisionOf(stored.shard) + 1) this.#deliver(decodeCommit(stored.text));
    this.#position = Math.max(this.#position, stored.streamRevision);
  }

  #deliver(commit: Commit<DomainEvent>): void {
    this.#revisions.set(commit.shard, commit.revision);
    this.#sink(commit);
  }
}
