import { HOURS_DEFAULT } from '../arguments.ts';
import { runSeed } from '../run-seed.ts';
import type { PlantedBug } from './planted-bug.ts';

export interface Found {
  /** The seed that found it, or null. */
  readonly seed: number | null;
  /** What the seeds before it reported instead. */
  readonly others: readonly string[];
}

/** Looks for a planted bug: first with the seed that is known to find it, then with all that should. */
export function findBug(bug: PlantedBug): Found {
  const others: string[] = [];
  const all = Array.from({ length: bug.within }, (_, index) => index + 1);
  for (const seed of [bug.seed, ...all.filter((one) => one !== bug.seed)]) {
    const { violation } = runSeed({ seed, hours: bug.hours ?? HOURS_DEFAULT, broken: bug.parts });
    if (violation?.invariant === bug.invariant) return { seed, others };
    if (violation !== null) others.push(`${violation.invariant}: ${violation.facts}`);
  }
  return { seed: null, others };
}
