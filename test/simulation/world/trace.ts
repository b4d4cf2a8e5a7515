import { createHash } from 'node:crypto';

/** Lines kept for a report; older ones only live on in the hash. */
const LINES_KEPT_MAX = 400;

/**
 * Everything that happened in one world, as a running hash and the last lines. Equal seeds give equal hashes (S24); the
 * lines are what a person reads when an invariant is broken.
 */
export class Trace {
  readonly #now: () => number;
  readonly #startMs: number;
  readonly #hash = createHash('sha256');
  readonly #lines: string[] = [];
  readonly #print: ((line: string) => void) | undefined;

  constructor(now: () => number, print?: (line: string) => void) {
    this.#now = now;
    this.#startMs = now();
    this.#print = print;
  }

  /** Virtual time since the start of the world, seconds. */
  get seconds(): number {
    return (this.#now() - this.#startMs) / 1_000;
  }

  /** Something worth reading. */
  note(text: string): void {
    const line = `${this.seconds.toFixed(3).padStart(9)} ${text}`;
    this.#hash.update(line);
    if (this.#lines.length >= LINES_KEPT_MAX) this.#lines.splice(0, LINES_KEPT_MAX / 2);
    this.#lines.push(line);
    this.#print?.(line);
  }

  /** Something too frequent to read, which must still be the same in every run of a seed. */
  mix(text: string): void {
    this.#hash.update(`${this.#now()} ${text}`);
  }

  last(lines: number): readonly string[] {
    return this.#lines.slice(-lines);
  }

  /** 64 hex digits over everything so far. */
  digest(): string {
    return this.#hash.copy().digest('hex');
  }
}
