import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Settings } from './arguments.ts';
import { runSeed } from './run-seed.ts';
import type { SeedResult } from './run-seed.ts';
import type { SeedOrder } from './seed-worker.ts';

const WORKERS_MAX = 8;

/** Runs every seed of the settings and reports each result in the order of the seeds. A single one runs here, and may print. */
export async function runSeeds(
  settings: Settings,
  report: (result: SeedResult) => void,
): Promise<readonly SeedResult[]> {
  const { seeds, hoursOf, verbose } = settings;
  const [only] = seeds;
  if (only === undefined) return [];
  if (seeds.length > 1) return await runInWorkers(settings, report);
  const result = runSeed({
    seed: only,
    hours: hoursOf(only),
    ...(verbose ? { print: (line) => console.log(line) } : {}),
  });
  report(result);
  return [result];
}

/** A thread a core: seeds know nothing of each other, so who runs which changes nothing. */
async function runInWorkers(
  { seeds, hoursOf }: Settings,
  report: (result: SeedResult) => void,
): Promise<readonly SeedResult[]> {
  const results: (SeedResult | undefined)[] = seeds.map(() => undefined);
  let nextIndex = 0;
  let reportedCount = 0;
  const take = (): SeedOrder | null => {
    const index = nextIndex++;
    const seed = seeds[index];
    return seed === undefined ? null : { index, seed, hours: hoursOf(seed) };
  };
  const done = (index: number, result: SeedResult): void => {
    results[index] = result;
    for (let ready = results[reportedCount]; ready !== undefined; ready = results[reportedCount]) {
      reportedCount += 1;
      report(ready);
    }
  };
  const count = Math.min(seeds.length, availableParallelism(), WORKERS_MAX);
  await Promise.all(Array.from({ length: count }, () => serve(take, done)));
  return results.filter((result) => result !== undefined);
}

/** One thread, which gets seeds until there are none left. */
function serve(take: () => SeedOrder | null, done: (index: number, result: SeedResult) => void): Promise<void> {
  const worker = new Worker(new URL('seed-worker.js', import.meta.url));
  return new Promise((resolve, reject) => {
    let order = take();
    const next = (): void => {
      if (order === null) void worker.terminate().then(() => resolve(), reject);
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread is not a window
      else worker.postMessage(order);
    };
    worker.on('message', (result: SeedResult) => {
      if (order !== null) done(order.index, result);
      order = take();
      next();
    });
    worker.on('error', reject);
    next();
  });
}
