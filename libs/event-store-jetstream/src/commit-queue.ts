import type { StoredCommit } from '#libs/event-store';

/** Between a feed that pushes and a reader who takes one batch at a time. */
export class CommitQueue {
  #batches: (readonly StoredCommit[])[] = [];
  #error: Error | null = null;
  #wakeUp: () => void = () => {};

  get isEmpty(): boolean {
    return this.#batches.length === 0;
  }

  push(batch: readonly StoredCommit[]): void {
    this.#batches.push(batch);
    this.#wakeUp();
  }

  fail(error: Error): void {
    this.#error = error;
    this.#wakeUp();
  }

  /** The next batch; waits for it. @throws the failure, once everything before it was taken */
  async take(): Promise<readonly StoredCommit[]> {
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
