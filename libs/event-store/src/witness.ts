import type { ChainHead } from '#libs/kernel';

/**
 * What this machine has seen acknowledged of a shard, kept outside the journal's own files. A hash chain cannot show that
 * its tail was cut off; a witness can.
 */
export interface Witness {
  readonly shard: string;
  readonly revision: number;
  readonly hash: string;
  readonly term: number;
}

/** Keeps one witness a shard. A port: in memory here, a file in libs/event-store-jetstream. */
export interface WitnessStore {
  read(shard: string): Promise<Witness | null>;
  /** Every shard of which anything is known. */
  shards(): Promise<readonly string[]>;
  /** As `write`, at once and without a sync: when it returns, the end of any process does not lose it. */
  note(witness: Witness): void;
  /** Keeps the newer of what is there and this. Resolves when it would survive a power cut. */
  write(witness: Witness): Promise<void>;
}

/** The journal lacks or contradicts what was acknowledged. Writing on would give out the same revisions twice. */
export class WitnessContradicted extends Error {
  readonly witness: Witness;

  constructor(witness: Witness, why: string) {
    super(`shard ${witness.shard}: ${why}; restore the journal from a copy, or remove the witness to accept the loss`);
    this.name = 'WitnessContradicted';
    this.witness = witness;
  }
}

/**
 * Compares a journal that was read to its end with the witness. Call it before the first append of a term.
 * @param head the end of the verified chain; GENESIS_HEAD for an empty shard
 * @param hashAtWitness hash of the commit at the witness's revision, null if the fold began later (at a snapshot)
 * @throws WitnessContradicted
 */
export function checkWitness(witness: Witness | null, head: ChainHead, hashAtWitness: string | null): void {
  if (witness === null) return;
  if (head.revision < witness.revision) {
    throw new WitnessContradicted(
      witness,
      `the journal ends at commit ${head.revision}, but commit ${witness.revision} was acknowledged`,
    );
  }
  const hash = head.revision === witness.revision ? head.hash : hashAtWitness;
  if ((hash !== null && hash !== witness.hash) || head.term < witness.term) {
    throw new WitnessContradicted(witness, `commit ${witness.revision} is not the one that was acknowledged`);
  }
}

/** Of two witnesses of one shard, the one that has seen more. */
export function newerWitness(a: Witness | null | undefined, b: Witness): Witness {
  return a !== null && a !== undefined && a.revision >= b.revision ? a : b;
}

/** Witnesses in memory, for tests and the simulation. */
export class InMemoryWitnessStore implements WitnessStore {
  readonly #witnesses = new Map<string, Witness>();

  async read(shard: string): Promise<Witness | null> {
    return this.#witnesses.get(shard) ?? null;
  }

  async shards(): Promise<readonly string[]> {
    return [...this.#witnesses.keys()];
  }

  async write(witness: Witness): Promise<void> {
    this.note(witness);
  }

  note(witness: Witness): void {
    this.#witnesses.set(witness.shard, newerWitness(this.#witnesses.get(witness.shard), witness));
  }
}
