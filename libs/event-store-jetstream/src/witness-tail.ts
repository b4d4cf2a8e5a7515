import { hash } from 'node:crypto';
import { closeSync, open, openSync, readFileSync, writeSync } from 'node:fs';
import { promisify } from 'node:util';
import type { Witness } from '#libs/event-store';

const openFile = promisify(open);
const FILE_MODE = 0o600;
const CHECKSUM_CHARACTERS = 16;

/** What a tail of witnesses holds, and how many of its lines were damaged. */
export interface TailContent {
  readonly witnesses: readonly Witness[];
  readonly damagedLines: number;
}

/**
 * Witnesses since the last whole file, a line each, written before a response goes out and not synced: they survive the end
 * of every process, and a power cut takes them. Two files take turns, so that what is noted while the whole file is being
 * written is never in a file that is emptied.
 */
export class WitnessTail {
  readonly #paths: readonly [string, string];
  #turn: 0 | 1;
  #file: number;

  private constructor(paths: readonly [string, string]) {
    this.#paths = paths;
    this.#turn = 0;
    this.#file = openSync(paths[0], 'a', FILE_MODE);
  }

  /** @param path of the whole file; the tails lie beside it */
  static open(path: string): { readonly tail: WitnessTail; readonly content: TailContent } {
    const paths = [`${path}.tail-0`, `${path}.tail-1`] as const;
    const contents = paths.map(readTail);
    const content = {
      witnesses: contents.flatMap(({ witnesses }) => witnesses),
      damagedLines: contents.reduce((sum, { damagedLines }) => sum + damagedLines, 0),
    };
    return { tail: new WitnessTail(paths), content };
  }

  /** @throws an error of the operating system */
  append(witness: Witness): void {
    const text = JSON.stringify(witness);
    writeSync(this.#file, `${text} ${checksum(text)}\n`);
  }

  /**
   * What follows goes to the other file, which is emptied: a whole file holds all that it had. Emptying a file waits for
   * the disk, milliseconds beside a busy journal; until it is done witnesses go where they went.
   */
  async turn(): Promise<void> {
    const next = this.#turn === 0 ? 1 : 0;
    const file = await openFile(this.#paths[next], 'w', FILE_MODE);
    closeSync(this.#file);
    this.#file = file;
    this.#turn = next;
  }
}

/** Short, against damage and not against forgery: who can write here can remove the file as well. */
export function checksum(text: string): string {
  return hash('sha256', text).slice(0, CHECKSUM_CHARACTERS);
}

function readTail(path: string): TailContent {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT') text = '';
    else throw error;
  }
  const witnesses: Witness[] = [];
  const lines = text.split('\n').filter((line) => line !== '');
  for (const line of lines) {
    const [json, sum] = [line.slice(0, -CHECKSUM_CHARACTERS - 1), line.slice(-CHECKSUM_CHARACTERS)];
    if (checksum(json) === sum) witnesses.push(JSON.parse(json) as Witness);
  }
  return { witnesses, damagedLines: lines.length - witnesses.length };
}
