import type { CommitHandlers, CommitSubscription, EventStore, StoredCommit } from '#libs/event-store';
import type { EncodedCommit } from '#libs/kernel';
import type { Cancel, Journal, JournalReader } from './ports.ts';

/** An event store, whose calls promise, as the engine's journal, whose calls call back. */
export class StoreJournal implements Journal {
  readonly #store: EventStore;

  constructor(store: EventStore) {
    this.#store = store;
  }

  append(commit: EncodedCommit, expected: number | null, done: Parameters<Journal['append']>[2]): void {
    this.#store
      .append(commit, expected)
      .then(done, (error: unknown) => done({ kind: 'unknown', reason: String(error) }));
  }

  head(shard: string, done: (head: StoredCommit | null) => void, failed: (error: Error) => void): void {
    this.#store.readHead(shard).then(done, (error: unknown) => failed(asError(error)));
  }

  read(shard: string | null, after: number, reader: JournalReader): void {
    const batches = this.#store.read(shard, after)[Symbol.asyncIterator]();
    const next = (): void => {
      batches.next().then(
        ({ done, value }) => {
          if (done === true) return reader.end();
          reader.batch(value);
          next();
        },
        (error: unknown) => reader.failed(asError(error)),
      );
    };
    next();
  }

  follow(after: number, handlers: CommitHandlers): Cancel {
    let subscription: CommitSubscription | null = null;
    let isCancelled = false;
    const close = (open: CommitSubscription): void => {
      open.close().catch((error: unknown) => handlers.onFailed(asError(error)));
    };
    this.#store.subscribe(after, handlers).then(
      (opened) => {
        if (isCancelled) close(opened);
        else subscription = opened;
      },
      (error: unknown) => handlers.onFailed(asError(error)),
    );
    return () => {
      if (isCancelled) return;
      isCancelled = true;
      if (subscription !== null) close(subscription);
    };
  }

  shards(done: (shards: readonly string[]) => void, failed: (error: Error) => void): void {
    this.#store.shards().then(done, (error: unknown) => failed(asError(error)));
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
