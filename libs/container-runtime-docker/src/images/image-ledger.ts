import { listMember, member, numberMember, textMember, textsMember } from '../engine/untyped-members.ts';
import { familiarReference } from './image-reference.ts';

/** An image that this agent has brought to the host. */
export interface PulledImage {
  readonly id: string;
  /** Names under which it was pulled, in Docker's familiar form. */
  readonly references: readonly string[];
  /** When a container last wanted it or had it; ms since the epoch. */
  readonly lastUsedAt: number;
}

/** Where the ledger is kept over restarts. */
export interface LedgerFile {
  /** null: there is none yet. */
  read(): Promise<string | null>;
  /** Replaces it as a whole. */
  write(text: string): Promise<void>;
}

/** What is forgotten first stays on the host: an image that is not in the ledger is never removed. */
const IMAGES_MAX = 1_000;

/** Which images of an engine this agent has pulled. All others belong to others. */
export class ImageLedger {
  readonly #images = new Map<string, PulledImage>();

  /** @param text as `toText` wrote it; what cannot be read is skipped */
  static from(text: string): ImageLedger {
    const ledger = new ImageLedger();
    for (const entry of listMember(parse(text), 'images')) {
      const id = textMember(entry, 'id');
      const lastUsedAt = numberMember(entry, 'lastUsedAt');
      if (id === undefined || lastUsedAt === undefined) continue;
      ledger.#images.set(id, { id, references: textsMember(entry, 'references'), lastUsedAt });
    }
    return ledger;
  }

  get images(): readonly PulledImage[] {
    return [...this.#images.values()];
  }

  /** A pull under that name has brought the image to the host, or has given one of ours a further name. */
  pulled(id: string, reference: string, now: number): void {
    const references = new Set([...(this.#images.get(id)?.references ?? []), familiarReference(reference)]);
    this.#images.set(id, { id, references: [...references], lastUsedAt: now });
    if (this.#images.size <= IMAGES_MAX) return;
    const [oldest] = this.images.toSorted((a, b) => a.lastUsedAt - b.lastUsedAt);
    if (oldest !== undefined) this.#images.delete(oldest.id);
  }

  used(id: string, now: number): void {
    const image = this.#images.get(id);
    if (image !== undefined) this.#images.set(id, { ...image, lastUsedAt: now });
  }

  removed(id: string): void {
    this.#images.delete(id);
  }

  /** Whether the image is here because of a pull under that name. */
  has(id: string, reference: string): boolean {
    return this.#images.get(id)?.references.includes(familiarReference(reference)) ?? false;
  }

  toText(): string {
    return JSON.stringify({ version: 1, images: this.images });
  }
}

function parse(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return member(value, 'version') === 1 ? value : undefined;
  } catch {
    return undefined;
  }
}
