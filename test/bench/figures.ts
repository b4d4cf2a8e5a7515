/** Takes a line of progress. */
export type Tell = (line: string) => void;

/** One measured figure, as `--json` writes it. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly better: 'higher' | 'lower';
  /** What this project holds itself to, in the figure's unit; none for what is only printed. */
  readonly goal?: number;
  /** The raw limit or peer, measured in the same run. */
  readonly raw?: number;
  /** value / raw. */
  readonly ratio?: number;
}

export function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}

export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export function meetsGoal({ value, better, goal }: Figure): boolean {
  if (goal === undefined) return true;
  return better === 'higher' ? value >= goal : value <= goal;
}

/** One line a figure: the value, its raw limit and ratio, the goal and whether it is met. */
export function describeFigure(figure: Figure): string {
  const { name, value, unit, better, goal, raw, ratio } = figure;
  const compared = raw === undefined || ratio === undefined ? '' : `, raw ${round(raw)} ${unit}, ratio ${round(ratio)}`;
  const line = `${name}: ${round(value)} ${unit}${compared}`;
  if (goal === undefined) return `  ${line}`;
  const sign = better === 'higher' ? '≥' : '≤';
  return `${meetsGoal(figure) ? '✓' : '✗'} ${line} (goal ${sign} ${round(goal)} ${unit})`;
}

function round(value: number): string {
  return Math.abs(value) >= 100 ? Math.round(value).toLocaleString('en') : value.toPrecision(3);
}

/** Medians of a pair measured alternately, so that whatever else the machine does hits both: A B A B … */
export async function alternate(
  rounds: number,
  a: () => Promise<number>,
  b: () => Promise<number>,
  tell: (round: number, a: number, b: number) => void,
): Promise<{ readonly a: number; readonly b: number }> {
  const as: number[] = [];
  const bs: number[] = [];
  for (let round = 1; round <= rounds; round++) {
    as.push(await a());
    bs.push(await b());
    tell(round, as.at(-1) ?? Number.NaN, bs.at(-1) ?? Number.NaN);
  }
  return { a: median(as), b: median(bs) };
}
