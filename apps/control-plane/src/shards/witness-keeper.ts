import type { Witness, WitnessStore } from '#libs/event-store';
import type { ChainHead } from '#libs/kernel';
import type { Logger } from 'pino';

/** How far the witness may be behind the log: a write a commit would cost a second fsync each. */
const WRITE_INTERVAL_MS = 100;

/** Notes the newest durable commit of each shard outside the log, a few times a second. */
export class WitnessKeeper {
  readonly #store: WitnessStore;
  readonly #log: Logger;
  readonly #noted = new Map<string, Witness>();
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();

  constructor(store: WitnessStore, log: Logger) {
    this.#store = store;
    this.#log = log;
  }

  note(shard: string, { revision, hash, term }: ChainHead): void {
    this.#noted.set(shard, { shard, revision, hash, term });
    this.#timer ??= setTimeout(() => void this.flush(), WRITE_INTERVAL_MS);
  }

  /** Writes what was noted; resolves when it would survive a power cut. */
  flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const witnesses = [...this.#noted.values()];
    this.#noted.clear();
    this.#writing = this.#writing.then(async () => {
      for (const witness of witnesses) await this.#store.write(witness);
    });
    // The witness guards against a cut tail; without it the log is still whole and the work goes on.
    this.#writing = this.#writing.catch((error: unknown) =>
      this.#log.error({ err: error }, 'the witness was not written'),
    );
    return this.#writing;
  }
}
