import Table from 'cli-table3';
import { visible, type Terminal } from './terminal.ts';

/** `json` is for scripts: its members stay. `table` is for people: it may change. */
export type OutputFormat = 'json' | 'table';
export const OUTPUT_FORMATS: readonly OutputFormat[] = ['json', 'table'];

/** Columns without lines, so that a row can be copied and grepped. `null` cells are shown as a dash. */
export function tableText(
  headings: readonly string[],
  rows: readonly (readonly (string | number | null)[])[],
  columnsMax: readonly (number | null)[] = [],
): string {
  const table = new Table({
    head: headings.map((heading) => heading.toUpperCase()),
    chars: NO_LINES,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 2 },
  });
  for (const row of rows) table.push(row.map((cell, column) => cellText(cell, columnsMax[column] ?? null)));
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}

const NO_LINES = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '',
};

function cellText(cell: string | number | null, charactersMax: number | null): string {
  if (cell === null || cell === '') return '-';
  const text = visible(String(cell));
  return charactersMax !== null && text.length > charactersMax ? `${text.slice(0, charactersMax - 1)}…` : text;
}

/** Writes a command's answer in the format that was asked for; only that one is built. */
export function writeAnswer(
  terminal: Terminal,
  format: OutputFormat,
  answer: { readonly json: () => unknown; readonly table: () => string },
): void {
  terminal.out(format === 'json' ? JSON.stringify(answer.json(), null, 2) : answer.table());
}
