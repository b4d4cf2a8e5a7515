import { open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { newerWitness, type Witness, type WitnessStore } from '#libs/event-store';
import { checksum, WitnessTail } from './witness-tail.ts';

interface WitnessFile {
  readonly v: 1;
  /** Of the text of `witnesses`. */
  readonly checksum?: string;
  readonly witnesses: Readonly<Record<string, Witness>>;
}

const FILE_MODE = 0o600;

/**
 * Witnesses of all shards in one small file, which lies outside the nats-server's own files. Every write replaces it as
 * a whole and is synced, folder included; writes that come meanwhile share the next one. How often is the caller's
 * choice: each costs two syncs. Between two writes `note` adds lines to a tail beside it.
 */
export class FileWitnessStore implements WitnessStore {
  readonly #path: string;
  readonly #witnesses = new Map<string, Witness>();
  readonly #tail: WitnessTail;
  /** Lines of the tail that could not be read when it was opened: what they knew is not known any more. */
  readonly damagedLines: number;
  /** Whether the whole file holds everything of the older tail: only then may that one be emptied. */
  #written = false;
  /** The last write that was begun or waits, done or failed. */
  #settled: Promise<void> = Promise.resolve();
  /** The write that waits for the one under way, and will hold everything known by then. */
  #waiting: Promise<void> | null = null;

  private constructor(path: string, whole: readonly Witness[]) {
    this.#path = path;
    const { tail, content } = WitnessTail.open(path);
    this.#tail = tail;
    this.damagedLines = content.damagedLines;
    for (const witness of [...whole, ...content.witnesses]) this.#keep(witness);
  }

  /** @throws Error if the file is there and cannot be read: an unreadable witness must not count as none */
  static async open(path: string): Promise<FileWitnessStore> {
    return new FileWitnessStore(path, Object.values(await readWitnesses(path)));
  }

  async read(shard: string): Promise<Witness | null> {
    return this.#witnesses.get(shard) ?? null;
  }

  async shards(): Promise<readonly string[]> {
    return [...this.#witnesses.keys()];
  }

  note(witness: Witness): void {
    if (this.#keep(witness)) this.#tail.append(witness);
  }

  async write(witness: Witness): Promise<void> {
    this.#keep(witness);
    if (this.#waiting === null) {
      this.#waiting = this.#writeAfter(this.#settled);
      // A failure is thrown to the callers of this write; the next one tries again.
      this.#settled = this.#waiting.catch(() => {});
    }
    await this.#waiting;
  }

  /** Whether it is news. */
  #keep(witness: Witness): boolean {
    const known = this.#witnesses.get(witness.shard);
    const newer = newerWitness(known, witness);
    this.#witnesses.set(witness.shard, newer);
    return newer !== known;
  }

  async #writeAfter(settled: Promise<void>): Promise<void> {
    await settled;
    this.#waiting = null;
    await this.#replaceFile();
  }

  async #replaceFile(): Promise<void> {
    if (this.#written) await this.#tail.turn();
    this.#written = false;
    const witnesses = Object.fromEntries(this.#witnesses);
    const file: WitnessFile = { v: 1, checksum: checksum(JSON.stringify(witnesses)), witnesses };
    const temporary = `${this.#path}.tmp`;
    await writeSynced(temporary, JSON.stringify(file));
    await rename(temporary, this.#path);
    // The new name is durable only when its folder is.
    const folder = await open(dirname(this.#path), 'r');
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
    this.#written = true;
  }
}

async function writeSynced(path: string, text: string): Promise<void> {
  const file = await open(path, 'w', FILE_MODE);
  try {
    await file.writeFile(text);
    await file.datasync();
  } finally {
    await file.close();
  }
}

async function readWitnesses(path: string): Promise<Readonly<Record<string, Witness>>> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT') return {};
    throw error;
  }
  const file = parsed(text);
  const isWhole = file?.checksum === undefined || file.checksum === checksum(JSON.stringify(file.witnesses));
  if (file?.v !== 1 || typeof file.witnesses !== 'object' || !isWhole) {
    throw new Error(
      `${path} is damaged: it holds the newest commits that were acknowledged, so that a lost end of the log is noticed; restore it, or remove it to go on without (\`waybill replay\` checks the log)`,
    );
  }
  return file.witnesses;
}

function parsed(text: string): Partial<WitnessFile> | null {
  try {
    return JSON.parse(text) as Partial<WitnessFile> | null;
  } catch {
    return null;
  }
}
