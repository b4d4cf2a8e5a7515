import type { CommitHandlers, CommitSubscription, StoredCommit } from './event-store.ts';

/** Follows the array of an in-memory journal. Positions are indices, since nothing is ever removed under a subscription. */
export class InMemorySubscription implements CommitSubscription {
  readonly #commits: readonly StoredCommit[];
  readonly #handlers: CommitHandlers;
  readonly #schedule: (deliver: () => void) => void;
  readonly #onClosed: () => void;
  /** Commits already delivered. */
  #position: number;
  readonly #headAtStart: number;
  #caughtUp = false;
  #closed = false;
  #scheduled = false;

  constructor(
    commits: readonly StoredCommit[],
    position: number,
    handlers: CommitHandlers,
    schedule: (deliver: () => void) => void,
    onClosed: () => void,
  ) {
    this.#commits = commits;
    this.#position = position;
    this.#headAtStart = commits.length;
    this.#handlers = handlers;
    this.#schedule = schedule;
    this.#onClosed = onClosed;
  }

  /** There may be something to deliver. Commits of one turn are delivered together. */
  wake(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#schedule(() => {
      this.#scheduled = false;
      this.#deliver();
    });
  }

  #deliver(): void {
    if (this.#closed) return;
    const batch = this.#commits.slice(this.#position);
    this.#position += batch.length;
    if (batch.length > 0) this.#handlers.onCommits(batch);
    // A handler may have closed the subscription.
    if (this.#closed || this.#caughtUp || this.#position < this.#headAtStart) return;
    this.#caughtUp = true;
    this.#handlers.onCaughtUp();
  }

  fail(error: Error): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#handlers.onFailed(error);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#onClosed();
  }
}
