import type { Clock, Notes } from '#libs/kernel';
import { ImageLedger } from './image-ledger.ts';
import type { LedgerFile } from './image-ledger.ts';

/** The ledger of pulled images and its file. A file that cannot be read or written costs clean-ups, and no task. */
export class PulledImages {
  readonly #file: LedgerFile;
  readonly #clock: Clock;
  readonly #notes: Notes;
  #ledger: Promise<ImageLedger> | undefined;
  #writes: Promise<void> = Promise.resolve();

  constructor(file: LedgerFile, clock: Clock, notes: Notes) {
    this.#file = file;
    this.#clock = clock;
    this.#notes = notes;
  }

  async ledger(): Promise<ImageLedger> {
    this.#ledger ??= this.#read();
    return await this.#ledger;
  }

  async pulled(id: string, reference: string): Promise<void> {
    (await this.ledger()).pulled(id, reference, this.#clock.wall());
    await this.save();
  }

  /** Not written at once: a clean-up notes the images in use by itself. */
  async used(id: string): Promise<void> {
    (await this.ledger()).used(id, this.#clock.wall());
  }

  /** One write at a time, each of what is known by then. */
  async save(): Promise<void> {
    const ledger = await this.ledger();
    this.#writes = this.#writes.then(async () => {
      try {
        await this.#file.write(ledger.toText());
      } catch (error) {
        this.#notes.note('warn', { err: error }, 'the list of pulled images was not written');
      }
    });
    await this.#writes;
  }

  async #read(): Promise<ImageLedger> {
    try {
      return ImageLedger.from((await this.#file.read()) ?? '');
    } catch (error) {
      this.#notes.note(
        'warn',
        { err: error },
        'the list of pulled images cannot be read; what it had stays on the host',
      );
      return new ImageLedger();
    }
  }
}
