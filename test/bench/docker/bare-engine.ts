import type Docker from 'dockerode';
import type { ContainerCreateOptions } from 'dockerode';
import { median } from '../figures.ts';

/** Containers in flight that are tried; more than twice the cores buys only latency. */
const CONCURRENCIES = [1, 2, 4, 8];
const TRIALS = 2;
const TRIAL_CONTAINERS = 10;
const STOP_TIMEOUT_SECONDS = 30;

/** A loop over the engine's API, as thin as it can be: what everything above it is compared with. */
export class BareEngine {
  readonly #docker: Docker;
  readonly #options: ContainerCreateOptions;
  #concurrency = 1;

  constructor(docker: Docker, options: ContainerCreateOptions) {
    this.#docker = docker;
    this.#options = options;
  }

  /** Finds out how many containers in flight are fastest here. */
  async tune(): Promise<number> {
    let best = 0;
    for (const concurrency of CONCURRENCIES) {
      const rates: number[] = [];
      for (let trial = 0; trial < TRIALS; trial++) {
        const startedAt = performance.now();
        const ids = await this.start(TRIAL_CONTAINERS, concurrency);
        rates.push(TRIAL_CONTAINERS / (performance.now() - startedAt));
        await this.remove(ids);
      }
      if (median(rates) <= best) continue;
      best = median(rates);
      this.#concurrency = concurrency;
    }
    return this.#concurrency;
  }

  /** Creates and starts so many containers; returns their ids. */
  async start(count: number, concurrency = this.#concurrency): Promise<readonly string[]> {
    const ids: string[] = [];
    let asked = 0;
    const one = async (): Promise<void> => {
      while (asked < count) {
        asked += 1;
        const container = await this.#docker.createContainer(this.#options);
        await container.start();
        ids.push(container.id);
      }
    };
    await Promise.all(Array.from({ length: concurrency }, one));
    return ids;
  }

  /** All at once, as `docker stop` does it. */
  async stop(ids: readonly string[]): Promise<void> {
    await Promise.all(ids.map((id) => this.#docker.getContainer(id).stop({ t: STOP_TIMEOUT_SECONDS })));
  }

  async remove(ids: readonly string[]): Promise<void> {
    await Promise.all(ids.map((id) => this.#docker.getContainer(id).remove({ force: true })));
  }
}
