import type { Settings } from './arguments.ts';
import { runSeed } from './run-seed.ts';
import type { SeedResult } from './run-seed.ts';

/** Runs every seed of the settings, in order. A single verbose one prints its whole trace. */
export async function runSeeds(settings: Settings, tell: (result: SeedResult) => void): Promise<readonly SeedResult[]> {
  const { seeds, hours, verbose } = settings;
  const print = verbose && seeds.length === 1 ? (line: string): void => console.log(line) : undefined;
  const results: SeedResult[] = [];
  for (const seed of seeds) {
    const result = runSeed({ seed, hours, ...(print === undefined ? {} : { print }) });
    tell(result);
    results.push(result);
  }
  return results;
}
