import type { Fact } from './fact.ts';

/** A writer opened the shard; commits of older terms are refused from here on. */
export interface TermStarted extends Fact<'TermStarted'> {
  readonly term: number;
}
