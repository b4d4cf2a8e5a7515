import type { Witness, WitnessStore } from '#libs/event-store';
import type { Witnesses } from '#libs/engine';
import type { ChainHead } from '#libs/kernel';
import type { Logger } from 'pino';

/** How far the synced witness may be behind the log: a synced write per commit would cost a second sync each. */
const WRITE_INTERVAL_MS = 100;

/**
 * Keeps the newest durable commit of each shard outside the log: written before its responses go out, so that no process
 * can end between them, and synced a few times a second.
 */
export class FileWitnesses implements Witnesses {
  readonly #store: WitnessStore;
  readonly #log: Logger;
  readonly #noted = new Map<string, Witness>();
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();

  constructor(store: WitnessStore, log: Logger) {
    this.#store = store;
    this.#log = log;
  }

  read(shard: string, done: (witness: Witness | null) => void, failed: (error: Error) => void): void {
    this.#store.read(shard).then(done, failed);
  }

  shards(done: (shards: readonly string[]) => void, failed: (error: Error) => void): void {
    this.#store.shards().then(done, failed);
  }

  note(shard: string, head: ChainHead): void {
    const { revision, hash, term } = head;
    try {
      this.#store.note({ shard, revision, hash, term });
    } catch (error) {
      this.#log.error({ err: error }, 'the witness was not written');
    }
    this.observe(shard, head);
  }

  observe(shard: string, { revision, hash, term }: ChainHead): void {
    this.#noted.set(shard, { shard, revision, hash, term });
    this.#timer ??= setTimeout(() => this.flush(() => {}), WRITE_INTERVAL_MS);
  }

  flush(done: () => void): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const witnesses = [...this.#noted.values()];
    this.#noted.clear();
    this.#writing = this.#writing
      .then(async () => {
        for (const witness of witnesses) await this.#store.write(witness);
      })
      // The witness guards against a cut tail; without it the log is still whole and the work goes on.
      .catch((error: unknown) => this.#log.error({ err: error }, 'the witness was not written'));
    void this.#writing.then(done);
  }
}

/** For a process that never writes: the files may be those of one that does, which they protect. */
export const noWitnesses: Witnesses = {
  read: (_shard, done) => queueMicrotask(() => done(null)),
  shards: (done) => queueMicrotask(() => done([])),
  note: () => {},
  observe: () => {},
  flush: (done) => queueMicrotask(done),
};
