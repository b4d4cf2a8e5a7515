import { open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { newerWitness, type Witness, type WitnessStore } from '#libs/event-store';

interface WitnessFile {
  readonly v: 1;
  readonly witnesses: Readonly<Record<string, Witness>>;
}

const FILE_MODE = 0o600;

/**
 * Witnesses of all shards in one small file, which lies outside the nats-server's own files. Every write replaces it as
 * a whole and is synced, folder included; writes that come meanwhile share the next one. How often is the caller's
 * choice: each costs two syncs.
 */
export class FileWitnessStore implements WitnessStore {
  readonly #path: string;
  readonly #witnesses: Map<string, Witness>;
  /** The last write that was begun or waits, done or failed. */
  #settled: Promise<void> = Promise.resolve();
  /** The write that waits for the one under way, and will hold everything known by then. */
  #waiting: Promise<void> | null = null;

  private constructor(path: string, witnesses: Map<string, Witness>) {
    this.#path = path;
    this.#witnesses = witnesses;
  }

  /** @throws Error if the file is there and cannot be read: an unreadable witness must not count as none */
  static async open(path: string): Promise<FileWitnessStore> {
    return new FileWitnessStore(path, new Map(Object.entries(await readWitnesses(path))));
  }

  async read(shard: string): Promise<Witness | null> {
    return this.#witnesses.get(shard) ?? null;
  }

  async write(witness: Witness): Promise<void> {
    this.#witnesses.set(witness.shard, newerWitness(this.#witnesses.get(witness.shard), witness));
    if (this.#waiting === null) {
      this.#waiting = this.#writeAfter(this.#settled);
      // A failure is told to those who wait for this write; the next one tries again.
      this.#settled = this.#waiting.catch(() => {});
    }
    await this.#waiting;
  }

  async #writeAfter(settled: Promise<void>): Promise<void> {
    await settled;
    this.#waiting = null;
    await this.#replaceFile();
  }

  async #replaceFile(): Promise<void> {
    const file: WitnessFile = { v: 1, witnesses: Object.fromEntries(this.#witnesses) };
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
  if (file?.v !== 1 || typeof file.witnesses !== 'object') {
    throw new Error(`${path} is not a file of witnesses; restore it, or remove it to give up what it knows`);
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
