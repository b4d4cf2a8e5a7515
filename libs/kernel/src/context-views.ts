import type { Commit } from './commit.ts';
import type { DomainEvent } from './event.ts';

/** Where an installation runs: both appear in ARNs. */
export interface Locale {
  /** 12 digits. */
  readonly account: string;
  /** For example `us-east-1`. */
  readonly region: string;
}

/** Where and why a view stopped. */
export interface ViewHalted {
  readonly shard: string;
  /** The commit that could not be folded; the view has everything before it and answers nothing more. */
  readonly revision: number;
  readonly error: string;
}

/** `halted`: stopped by this very commit. `skipped`: stopped by an earlier one. `foreign`: no shard of this context. */
export type ViewOutcome = 'applied' | 'halted' | 'skipped' | 'foreign';

/** All views of one context: folds of its shards' logs for readers. */
export interface ContextViews {
  /** Folds the next commit, as it was recorded: `upcastCommit` comes first. */
  apply(commit: Commit<DomainEvent>): ViewOutcome;
  /** The last commit of a shard that its view has; 0 for none. */
  revisionOf(shard: string): number;
  /** Where a shard's view stopped, or null. */
  haltOf(shard: string): ViewHalted | null;
  readonly halted: readonly ViewHalted[];
  /** What a shard's view holds, as plain data in one form; null for an unknown shard. */
  contentOf(shard: string): object | null;
}
