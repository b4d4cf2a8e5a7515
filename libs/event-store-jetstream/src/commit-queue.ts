import type { StoredCommit } from '#libs/event-store';

/** Commits that arrived together, and how far the journal was delivered with them. */
export interface CommitBatch {
  readonly commits: readonly StoredCommit[];
  readonly position: number;
}

/** Between a feed that pushes and a reader who takes one batch at a time. */
export class CommitQueue {
  #batches: CommitBatch[] = [];
  #error: Error | null = null;
  #wakeUp: () => void = () => {};

  get isEmpty(): boolean {
    return this.#batches.length === 0;
  }

  push(batch: CommitBatch): void {
    this.#batches.push(batch);
    this.#wakeUp();
  }

  fail(error: Error): void {
    this.#error = error;
    this.#wakeUp();
  }

  /** The next batch; waits for it. @throws the failure, once everything before it was taken */
  async take(): Promise<CommitBatch> {
    for (;;) {
      const batch = this.#batches.shift();
      if (batch !== undefined) return batch;
      if (this.#error !== null) throw this.#error;
      await new Promise<void>((resolve) => {
        this.#wakeUp = resolve;
      });
    }
  }
}
