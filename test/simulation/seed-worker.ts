import { parentPort } from 'node:worker_threads';
import { runSeed } from './run-seed.ts';

/** What a thread is to run. */
export interface SeedOrder {
  /** Its place among the seeds of the run. */
  readonly index: number;
  readonly seed: number;
  readonly hours: number;
}

parentPort?.on('message', ({ seed, hours }: SeedOrder) => {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread is not a window
  parentPort?.postMessage(runSeed({ seed, hours }));
});
