import type { Commit, EncodedCommit } from '../commit.ts';
import type { Effect } from '../decider.ts';
import type { DomainEvent } from '../event.ts';

/** The answer to the sender of a command, never before it is durable. */
export type CommandAnswer<Rejection> =
  | { readonly kind: 'accepted'; readonly revision: number; readonly answer: unknown }
  | { readonly kind: 'rejected'; readonly revision: number; readonly rejection: Rejection }
  /** Certainly not stored; the same command may be sent again. */
  | { readonly kind: 'unavailable'; readonly reason: string }
  /** Too many commands wait already: certainly not stored, and to be sent again after a pause. */
  | { readonly kind: 'throttled'; readonly reason: string }
  /** It is not known whether it was stored; sending the same command id again finds out. */
  | { readonly kind: 'indeterminate'; readonly reason: string }
  /** The command broke an invariant; nothing of it was stored. */
  | { readonly kind: 'failed'; readonly reason: string };

/** A commit that is durable, with the effects that were held back for it. */
export interface Committed<Event extends DomainEvent, Out extends Effect> {
  readonly commit: Commit<Event>;
  readonly encoded: EncodedCommit;
  readonly streamRevision: number;
  readonly effects: readonly Out[];
}

/** The outcome of an append as the event store reports it. */
export type AppendResult =
  | { readonly kind: 'appended'; readonly streamRevision: number }
  | { readonly kind: 'conflict' }
  | { readonly kind: 'unknown'; readonly reason: string }
  | { readonly kind: 'refused'; readonly reason: string };

/** What the shell around a writer must do. Calls are synchronous; the results come back through the writer's methods. */
export interface WriterPort<Event extends DomainEvent, Out extends Effect> {
  /** Append this commit; answer with `appendDone`. At most one is in flight. */
  append(commit: EncodedCommit, expected: number | null): void;
  /** Read the shard's last commit from the leader; answer with `headRead` or `headUnreadable`. */
  readHead(): void;
  /** Durable: feed the views, publish the effects. */
  committed(committed: Committed<Event, Out>): void;
  /** Nothing more will be written; throw this writer away and open a new one from the log. */
  steppedDown(reason: string): void;
}
