import { Inject, Injectable } from '@nestjs/common';
import { explainedDamage } from '../journal/journal-damage.ts';
import { RoomWatch } from '../journal/room-watch.ts';
import { PROCESS } from '../process/process.module.ts';
import type { ProcessOptions } from '../process/process.module.ts';

/** Where damage of the journal is reported: to the start while that waits, and to the process afterwards. */
@Injectable()
export class EngineDamage {
  readonly #room: RoomWatch;
  readonly #onFatal: (error: Error) => void;
  #startFailed: ((error: Error) => void) | null = null;

  constructor(@Inject(RoomWatch) room: RoomWatch, @Inject(PROCESS) { onFatal }: ProcessOptions) {
    this.#room = room;
    this.#onFatal = onFatal;
  }

  report(error: Error): void {
    const explained = explainedDamage(error, this.#room.storeFolder) as Error;
    if (this.#startFailed === null) this.#onFatal(explained);
    else this.#startFailed(explained);
  }

  /** Resolves when `start` calls back, and rejects with damage that is found before. */
  during(start: (started: () => void) => void): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#startFailed = reject;
      start(() => {
        this.#startFailed = null;
        resolve();
      });
    });
  }
}
