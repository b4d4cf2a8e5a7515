import { decodeCommit } from '#libs/kernel';
import type { Commit, DomainEvent } from '#libs/kernel';
import { JournalDamaged } from '#libs/event-store';
import type { CommitSubscription, EventStore, StoredCommit } from '#libs/event-store';
import type { Logger } from 'pino';

/** How long a failed subscription waits before it starts again where it was. */
const RESUBSCRIBE_PAUSE_MS = 250;

/** Where commits go, in the order of each shard, each exactly once. */
export type CommitSink = (commit: Commit<DomainEvent>, streamRevision: number) => void;

/**
 * Feeds views from two sides: this process's own writers hand over their commits at the ack (no way back through the
 * server), a subscription to the journal brings those of other writers. Each shard's revisions are contiguous, so the
 * second copy of a commit is known by its number and skipped without being parsed.
 */
export class CommitFeed {
  readonly #store: EventStore;
  readonly #sink: CommitSink;
  readonly #log: Logger;
  readonly #revisions = new Map<string, number>();
  readonly #waiters = new Map<string, { revision: number; resolve: () => void }[]>();
  #position = 0;
  #subscription: CommitSubscription | null = null;
  #closed = false;
  #caughtUp = false;
  #following = false;
  readonly #onDamaged: (error: JournalDamaged) => void;

  /** @param onDamaged the journal is not whole, found after `start` has resolved: trying again does not help */
  constructor(store: EventStore, sink: CommitSink, log: Logger, onDamaged: (error: JournalDamaged) => void) {
    this.#store = store;
    this.#sink = sink;
    this.#log = log;
    this.#onDamaged = onDamaged;
  }

  /** The journal's head at the start has been reached. */
  get isCaughtUp(): boolean {
    return this.#caughtUp;
  }

  /** Commits of other writers arrive; false while the journal cannot be read. */
  get isFollowing(): boolean {
    return this.#following;
  }

  /** The highest journal position that was delivered; everything below it was too. */
  get position(): number {
    return this.#position;
  }

  revisionOf(shard: string): number {
    return this.#revisions.get(shard) ?? 0;
  }

  /** Starts to follow the journal; resolves when its present head was reached. @throws JournalDamaged */
  start(): Promise<void> {
    return new Promise((resolve, reject) => this.#follow(resolve, reject));
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#subscription?.close();
  }

  /** A commit of this process's own writer, durable a moment ago. */
  accept(commit: Commit<DomainEvent>, streamRevision: number): void {
    const expected = this.revisionOf(commit.shard) + 1;
    // A gap: the subscription is still on its way there and will bring this one too.
    if (commit.revision === expected) this.#deliver(commit, streamRevision);
  }

  /** Resolves when the views have this revision of a shard. */
  reached(shard: string, revision: number): Promise<void> {
    if (this.revisionOf(shard) >= revision) return Promise.resolve();
    return new Promise((resolve) => {
      const waiting = this.#waiters.get(shard) ?? [];
      waiting.push({ revision, resolve });
      this.#waiters.set(shard, waiting);
    });
  }

  #follow(caughtUp: () => void, damaged: (error: JournalDamaged) => void): void {
    const again = (error: unknown): void => {
      this.#following = false;
      if (this.#closed) return;
      if (error instanceof JournalDamaged) return this.#caughtUp ? this.#onDamaged(error) : damaged(error);
      this.#log.warn({ err: error }, 'the journal subscription ended; starting it again where it was');
      setTimeout(() => this.#follow(caughtUp, damaged), RESUBSCRIBE_PAUSE_MS);
    };
    this.#store
      .subscribe(this.#position, {
        onCommits: (commits) => {
          for (const stored of commits) {
            const error = this.#received(stored);
            if (error !== null) return again(error);
          }
        },
        onCaughtUp: () => {
          this.#following = true;
          this.#caughtUp = true;
          caughtUp();
        },
        onFailed: again,
      })
      .then(async (subscription) => {
        this.#subscription = subscription;
        if (this.#closed) await subscription.close();
      })
      .catch(again);
  }

  #received(stored: StoredCommit): JournalDamaged | null {
    const { shard, streamRevision, revision, text } = stored;
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
    this.#sink(commit, streamRevision);
    const waiting = this.#waiters.get(commit.shard);
    if (waiting === undefined) return;
    const left = waiting.filter(({ revision, resolve }) => {
      if (revision > commit.revision) return true;
      resolve();
      return false;
    });
    if (left.length === 0) this.#waiters.delete(commit.shard);
    else this.#waiters.set(commit.shard, left);
  }
}
