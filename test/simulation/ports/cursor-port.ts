import type { Cursors } from '#libs/engine';
import { StoreUnavailable } from '#libs/event-store';
import type { JournalClient, SimJournal } from '../world/sim-journal.ts';
import type { SimProcess } from '../world/sim-process.ts';

/** Durable positions, kept where the journal is: all processes see the same ones. */
export class CursorPort implements Cursors {
  readonly #process: SimProcess;
  readonly #journal: SimJournal;
  readonly #client: JournalClient;
  readonly #positions: Map<string, number>;

  constructor(process: SimProcess, journal: SimJournal, client: JournalClient, positions: Map<string, number>) {
    this.#process = process;
    this.#journal = journal;
    this.#client = client;
    this.#positions = positions;
  }

  read(name: string, done: (position: number) => void, failed: (error: Error) => void): void {
    this.#ask(() => this.#positions.get(name) ?? 0, done, failed);
  }

  write(name: string, position: number, done: () => void, failed: (error: Error) => void): void {
    this.#ask(() => void this.#positions.set(name, position), done, failed);
  }

  #ask<Answer>(act: () => Answer, done: (answer: Answer) => void, failed: (error: Error) => void): void {
    this.#journal.read(
      this.#client,
      act,
      this.#process.guarded(done),
      this.#process.guarded(() => failed(new StoreUnavailable('the positions cannot be reached'))),
    );
  }
}
