import { decodeCommit } from '#libs/kernel';
import type { Commit, DomainEvent } from '#libs/kernel';
import { JournalDamaged } from '#libs/event-store';
import type { StoredCommit } from '#libs/event-store';
import type { Cancel, Clock, Journal, Notes } from './ports.ts';

/** How long a failed subscription waits before it starts again where it was. */
const RESUBSCRIBE_PAUSE_MS = 250;

export interface CommitFeedOptions {
  readonly journal: Journal;
  readonly clock: Clock;
  readonly notes: Notes;
  /** Where commits go: each shard's in order, each once. */
  readonly sink: (commit: Commit<DomainEvent>, streamRevision: number) => void;
  /** The journal is not whole; trying again does not help. */
  readonly damaged: (error: Error) => void;
}

/** Somebody who waits for the views. */
interface Waiter {
  readonly revision: number;
  readonly reached: () => void;
}

/**
 * Feeds views from two sides: this process's own writers hand over their commits at the ack (no way back through the
 * server), a subscription to the journal brings those of other writers. The revisions of a shard are contiguous, so the
 * second copy of a commit is known by its number and skipped without being parsed.
 */
export class CommitFeed {
  readonly #options: CommitFeedOptions;
  readonly #revisions = new Map<string, number>();
  readonly #waiters = new Map<string, Set<Waiter>>();
  #position = 0;
  #end: Cancel = () => {};
  #isEnded = false;
  #isCaughtUp = false;
  #isFollowing = false;

  constructor(options: CommitFeedOptions) {
    this.#options = options;
  }

  /** The head that the journal had at the start has been reached. */
  get isCaughtUp(): boolean {
    return this.#isCaughtUp;
  }

  /** Commits of other writers arrive; false while the journal cannot be read, and until what was missed has come. */
  get isFollowing(): boolean {
    return this.#isFollowing;
  }

  revisionOf(shard: string): number {
    return this.#revisions.get(shard) ?? 0;
  }

  /** Starts to follow the journal; `caughtUp` is called when its present head was reached. */
  start(caughtUp: () => void): void {
    this.#end = this.#options.journal.follow(this.#position, {
      onCommits: (commits) => {
        for (const stored of commits) {
          if (this.#isEnded) return;
          const damage = this.#received(stored);
          if (damage !== null) this.#failed(damage, caughtUp);
        }
      },
      onCaughtUp: () => {
        if (this.#isEnded) return;
        this.#isFollowing = true;
        if (this.#isCaughtUp) return;
        this.#isCaughtUp = true;
        caughtUp();
      },
      onFailed: (error) => this.#failed(error, caughtUp),
    });
  }

  close(): void {
    this.#isEnded = true;
    this.#isFollowing = false;
    this.#end();
  }

  /** A commit of this process's own writer, durable a moment ago. */
  accept(commit: Commit<DomainEvent>, streamRevision: number): void {
    // After a gap the subscription is still on its way there and will bring this one too.
    if (commit.revision === this.revisionOf(commit.shard) + 1) this.#deliver(commit, streamRevision);
  }

  /** Calls back once the views have this revision of a shard, which they do not have yet. */
  whenReached(shard: string, revision: number, reached: () => void): Cancel {
    const waiter = { revision, reached };
    const waiting = this.#waiters.get(shard) ?? new Set();
    this.#waiters.set(shard, waiting.add(waiter));
    return () => void waiting.delete(waiter);
  }

  #failed(error: Error, caughtUp: () => void): void {
    this.#isFollowing = false;
    if (this.#isEnded) return;
    const { notes, clock, damaged } = this.#options;
    if (error instanceof JournalDamaged) {
      this.close();
      return damaged(error);
    }
    notes.note('warn', { error: error.message }, 'the journal subscription ended; starting it again where it was');
    clock.after(RESUBSCRIBE_PAUSE_MS, () => {
      if (!this.#isEnded) this.start(caughtUp);
    });
  }

  #received({ shard, streamRevision, revision, text }: StoredCommit): JournalDamaged | null {
    try {
      if (revision === this.revisionOf(shard) + 1) this.#deliver(decodeCommit(text), streamRevision);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      return new JournalDamaged(`commit ${revision} of shard ${shard}, at ${streamRevision}, cannot be read: ${why}`);
    }
    this.#position = Math.max(this.#position, streamRevision);
    return null;
  }

  #deliver(commit: Commit<DomainEvent>, streamRevision: number): void {
    this.#revisions.set(commit.shard, commit.revision);
    this.#options.sink(commit, streamRevision);
    const waiting = this.#waiters.get(commit.shard);
    if (waiting === undefined) return;
    for (const waiter of waiting) {
      if (waiter.revision > commit.revision) continue;
      waiting.delete(waiter);
      waiter.reached();
    }
  }
}
