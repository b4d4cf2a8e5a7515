import type { PlantedBug } from './planted-bug.ts';

/** The table of test/simulation/README.md, as prettier formats it. */
export function bugTable(bugs: readonly PlantedBug[]): string {
  const rows = [
    ['what is broken', 'where', 'found by', 'within seeds'],
    ...bugs.map(({ what, where, invariant, within, hours }) => [
      what,
      where,
      invariant,
      hours === undefined ? String(within) : `${within} of ${hours} h`,
    ]),
  ];
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const [head = [], ...body] = rows;
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  return [line(head), rule, ...body.map(line)].join('\n');
}
