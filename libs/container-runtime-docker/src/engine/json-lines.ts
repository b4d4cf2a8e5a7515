import { Readable } from 'node:stream';

/** Docker's client types its answers as any stream; they are Node's. */
export function readable(stream: NodeJS.ReadableStream): Readable {
  return stream instanceof Readable ? stream : Readable.from(stream);
}

/**
 * Hears a stream of JSON lines, until it closes, in whatever way: orderly, by an error or by a cut. What is not JSON (half
 * a line of a connection that broke) is skipped.
 */
export function hearJsonLines(stream: Readable, hear: (value: unknown) => void, closed: () => void): void {
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const value = parse(line);
      if (value !== undefined) hear(value);
    }
  });
  // A cut is an error and no end; in every case the stream closes, and that is what counts.
  stream.on('error', () => stream.destroy());
  stream.on('close', closed);
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
