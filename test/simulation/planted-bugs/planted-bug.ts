import type { InvariantName } from '../invariants/violation.ts';
import type { BrokenParts } from '../parts.ts';

/** A part of the product that is broken on purpose, and which invariant must report it. */
export interface PlantedBug {
  /** What is wrong, as someone would describe it who found it. */
  readonly what: string;
  /** The part of the product that is changed. */
  readonly where: string;
  readonly invariant: InvariantName;
  /** So many seeds find it, whatever becomes of the one below. */
  readonly within: 25 | 50 | 100 | 300;
  /** A seed that found it when this was written: tried first. */
  readonly seed: number;
  /** Virtual hours that it takes; absent: those of every seed. */
  readonly hours?: number;
  readonly parts: BrokenParts;
}
