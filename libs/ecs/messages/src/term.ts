import type { EventCatalogue } from '#libs/kernel';
import type { Fact } from './fact.ts';

/** A writer opened the shard; commits of older terms are refused from here on. */
export interface TermStarted extends Fact<'TermStarted'> {
  readonly term: number;
}

export const termEvents: EventCatalogue<TermStarted> = { TermStarted: { v: 1 } };
