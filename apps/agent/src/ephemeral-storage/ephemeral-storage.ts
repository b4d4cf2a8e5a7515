import type { HostTask } from '#libs/agents/core';
import type { ContainerRuntime } from '#libs/container-runtime';
import type { Cancel, Clock } from '#libs/kernel';
import type { Logger } from 'pino';

/** The engine walks a container's files to count them, so not more often. */
const MEASURE_INTERVAL_MS = 60_000;
const BYTES_PER_GIB = 1024 ** 3;

export interface EphemeralStorageOptions {
  readonly tasks: () => Iterable<HostTask>;
  readonly runtime: Pick<ContainerRuntime, 'describe'>;
  readonly end: (taskId: string, reason: string) => void;
  readonly clock: Pick<Clock, 'after'>;
  readonly log: Logger;
}

/**
 * Holds tasks to their ephemeral storage: one whose containers have written more than it has ends. Where the engine limits
 * what a container writes, it comes to that only when several containers share the task's storage.
 */
export class EphemeralStorage {
  readonly #options: EphemeralStorageOptions;
  #cancel: Cancel = () => {};
  #isStopped = false;

  constructor(options: EphemeralStorageOptions) {
    this.#options = options;
  }

  start(): void {
    this.#cancel = this.#options.clock.after(MEASURE_INTERVAL_MS, () => {
      const { log } = this.#options;
      this.measure()
        .catch((error: unknown) => log.warn({ err: error }, 'what tasks have written could not be measured'))
        .finally(() => {
          if (!this.#isStopped) this.start();
        });
    });
  }

  stop(): void {
    this.#isStopped = true;
    this.#cancel();
  }

  /** Measures every task that has a limit, one after the other. */
  async measure(): Promise<void> {
    const { tasks, end } = this.#options;
    for (const { known, wanted } of tasks()) {
      const sizeInGiB = wanted?.ephemeralStorageGiB;
      if (sizeInGiB === undefined || this.#isStopped) continue;
      const written = await this.#written(known);
      if (written <= sizeInGiB * BYTES_PER_GIB) continue;
      const gib = (written / BYTES_PER_GIB).toFixed(1);
      end(known.taskId, `ResourceExhaustedError: the task has written ${gib} of ${sizeInGiB} GiB of ephemeral storage`);
    }
  }

  async #written({ containers }: HostTask['known']): Promise<number> {
    let written = 0;
    for (const { runtimeId, removed } of containers) {
      if (runtimeId === null || removed) continue;
      written += (await this.#options.runtime.describe(runtimeId, true))?.writtenBytes ?? 0;
    }
    return written;
  }
}
