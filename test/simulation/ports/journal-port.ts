import type { Cancel, Journal, JournalReader } from '#libs/engine';
import { AppendDoubt, StoreUnavailable } from '#libs/event-store';
import type { AppendOutcome, CommitHandlers, StoredCommit } from '#libs/event-store';
import type { EncodedCommit } from '#libs/kernel';
import type { JournalClient, SimJournal } from '../world/sim-journal.ts';
import type { SimProcess } from '../world/sim-process.ts';

/** One process's connection to the journal; the process may die at either end of an append. */
export class JournalPort implements Journal {
  readonly #process: SimProcess;
  readonly #journal: SimJournal;
  readonly #client: JournalClient;
  readonly #doubt = new AppendDoubt();

  constructor(process: SimProcess, journal: SimJournal, client: JournalClient) {
    this.#process = process;
    this.#journal = journal;
    this.#client = client;
  }

  append(commit: EncodedCommit, expected: number | null, done: (outcome: AppendOutcome) => void): void {
    const process = this.#process;
    process.crashPoint('before an append is sent');
    const answered = process.guarded((outcome: AppendOutcome) => {
      process.crashPoint('before an append is acknowledged');
      done(this.#doubt.judge(commit, outcome));
    });
    this.#journal.append(this.#client, commit, expected, answered);
    process.crashPoint('after an append was sent');
  }

  head(shard: string, done: (head: StoredCommit | null) => void, failed: (error: Error) => void): void {
    this.#ask(() => this.#journal.head(shard), done, failed);
  }

  read(shard: string | null, after: number, { batch, end, failed }: JournalReader): void {
    this.#ask(
      () => this.#journal.commitsOf(shard, after),
      (commits) => {
        if (commits.length > 0) batch(commits);
        this.#process.crashPoint('before a log is read to its end');
        end();
      },
      failed,
    );
  }

  follow(after: number, { onCommits, onCaughtUp, onFailed }: CommitHandlers): Cancel {
    let isCancelled = false;
    const guarded = <Arguments extends readonly unknown[]>(act: (...args: Arguments) => void) =>
      this.#process.guarded((...args: Arguments) => {
        if (!isCancelled) act(...args);
      });
    const end = this.#journal.subscribe(after, {
      onCommits: guarded(onCommits),
      onCaughtUp: guarded(onCaughtUp),
      onFailed: guarded(() => onFailed(unavailable())),
    });
    return () => {
      isCancelled = true;
      end();
    };
  }

  shards(done: (shards: readonly string[]) => void, failed: (error: Error) => void): void {
    this.#ask(() => this.#journal.shards(), done, failed);
  }

  #ask<Answer>(look: () => Answer, done: (answer: Answer) => void, failed: (error: Error) => void): void {
    const process = this.#process;
    this.#journal.read(
      this.#client,
      look,
      process.guarded(done),
      process.guarded(() => failed(unavailable())),
    );
  }
}

function unavailable(): Error {
  return new StoreUnavailable('the journal does not answer');
}
