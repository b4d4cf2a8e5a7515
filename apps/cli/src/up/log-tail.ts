import { open } from 'node:fs/promises';

const TAIL_BYTES_MAX = 16 * 1024;
const LINE_CHARACTERS_MAX = 400;

/**
 * The last lines that a process wrote to its log, from a position on: JSON lines of the product's own logger as
 * `LEVEL message: error`, everything else (a stack trace, a warning of Node.js) as it is.
 */
export async function logTail(path: string, fromByte: number, linesMax: number): Promise<readonly string[]> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const start = Math.max(fromByte, size - TAIL_BYTES_MAX);
    const buffer = Buffer.alloc(Math.max(size - start, 0));
    await file.read(buffer, 0, buffer.length, start);
    const lines = buffer.toString('utf8').split('\n');
    return lines
      .filter((line) => line.trim() !== '')
      .slice(-linesMax)
      .map((line) => readableLogLine(line).slice(0, LINE_CHARACTERS_MAX));
  } finally {
    await file.close();
  }
}

const LEVELS: Readonly<Record<number, string>> = {
  10: 'TRACE',
  20: 'DEBUG',
  30: 'INFO',
  40: 'WARN',
  50: 'ERROR',
  60: 'FATAL',
};

/** One line of a log for people. */
export function readableLogLine(line: string): string {
  const entry = parseObject(line);
  if (entry === null) return line;
  const { level, msg, err } = entry;
  const cause = typeof err === 'object' && err !== null && 'message' in err ? `: ${String(err.message)}` : '';
  return `${LEVELS[Number(level)] ?? 'LOG'} ${String(msg ?? '')}${cause}`;
}

function parseObject(line: string): Record<string, unknown> | null {
  if (!line.startsWith('{')) return null;
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? { ...value } : null;
  } catch (error) {
    // Cut off by a kill in the middle of the line.
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
