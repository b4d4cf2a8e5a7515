/** Seeds that a run without arguments takes: 1 to this. */
export const SEEDS_DEFAULT = 200;
/** Virtual hours with faults of a seed … */
export const HOURS_DEFAULT = 0.25;
/** … but each so many live through a whole day. */
const SEEDS_PER_DAY = 50;
const HOURS_OF_A_DAY = 24;
const SEEDS_MAX = 1_000_000;
const HOURS_MAX = 24 * 30;

export interface Settings {
  readonly seeds: readonly number[];
  /** Virtual hours of each seed. */
  readonly hoursOf: (seed: number) => number;
  readonly verbose: boolean;
}

export const USAGE =
  'usage: npm run sim -- [--seeds N] [--seed S] [--hours H] [--verbose]\n' +
  `  --seeds N   run seeds 1 to N (default ${SEEDS_DEFAULT})\n` +
  '  --seed S    run exactly this seed\n' +
  `  --hours H   virtual hours with faults of each seed (default ${HOURS_DEFAULT}; ${HOURS_OF_A_DAY} of each ${SEEDS_PER_DAY}th)\n` +
  '  --verbose   every line of the trace (with --seed), or a line per seed';

/** How many virtual hours a seed lives through unless the command line says otherwise. */
export function hoursOf(seed: number): number {
  return seed % SEEDS_PER_DAY === 0 ? HOURS_OF_A_DAY : HOURS_DEFAULT;
}

/** What the command line asks for: a run, the usage, or something that nothing here understands. */
export type Parsed = Settings | 'help' | { readonly problem: string };

/** Reads the command line. */
export function parseArguments(words: readonly string[]): Parsed {
  let seeds: readonly number[] | null = null;
  let hours: number | null = null;
  let verbose = false;
  for (let i = 0; i < words.length; i++) {
    const [word = '', inline] = (words[i] ?? '').split('=', 2);
    if (word === '--help' || word === '-h') return 'help';
    if (word === '--verbose') {
      verbose = true;
      continue;
    }
    const text = inline ?? words[++i] ?? '';
    const value = Number(text);
    if (word === '--seeds' && isCount(value, SEEDS_MAX)) seeds = Array.from({ length: value }, (_, index) => index + 1);
    else if (word === '--seed' && isCount(value, Number.MAX_SAFE_INTEGER)) seeds = [value];
    else if (word === '--hours' && value > 0 && value <= HOURS_MAX) hours = value;
    else return { problem: `${[word, text].join(' ').trimEnd()}: not understood\n${USAGE}` };
  }
  return {
    seeds: seeds ?? Array.from({ length: SEEDS_DEFAULT }, (_, index) => index + 1),
    hoursOf: (seed) => hours ?? hoursOf(seed),
    verbose,
  };
}

function isCount(value: number, max: number): boolean {
  return Number.isInteger(value) && value >= 1 && value <= max;
}
