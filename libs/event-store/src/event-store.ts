import type { EncodedCommit } from '#libs/kernel';

/** A commit as the store keeps it. */
export interface StoredCommit {
  readonly shard: string;
  /** The journal-wide position. Compare it; never count with it. */
  readonly streamRevision: number;
  readonly term: number;
  /** The shard's own contiguous count. */
  readonly revision: number;
  readonly hash: string;
  /** The commit's exact text. */
  readonly text: string;
}

/** What became of an append. */
export type AppendOutcome =
  /** Durable. */
  | { readonly kind: 'appended'; readonly streamRevision: number }
  /** Not stored: the shard's last commit is not the expected one. */
  | { readonly kind: 'conflict' }
  /** Not known: timeout, lost connection, an ambiguous server error. Read the head from the leader and compare. */
  | { readonly kind: 'unknown'; readonly reason: string }
  /** Certainly not stored, e.g. refused for its size or for want of space. */
  | { readonly kind: 'refused'; readonly reason: string };

/** A running subscription. */
export interface CommitSubscription {
  /** Ends the delivery; resolves when no handler runs any more. */
  close(): Promise<void>;
}

export interface CommitHandlers {
  /** Commits in journal order, each once; a whole batch where several have arrived. Must not throw. */
  readonly onCommits: (commits: readonly StoredCommit[]) => void;
  /** The journal's head at subscription time was reached; called once. */
  readonly onCaughtUp: () => void;
  /**
   * The delivery ended by itself; nothing more comes. StoreUnavailable: subscribe again after the last commit seen. A
   * missed heartbeat ends here too. JournalDamaged: there is a gap, and it is never skipped.
   */
  readonly onFailed: (error: Error) => void;
}

/** The journal as those read it who may not write it. */
export interface CommitLog {
  /** The shard's last commit as the leader has it, or null. @throws StoreUnavailable */
  readHead(shard: string): Promise<StoredCommit | null>;
  /**
   * All commits of one shard (or of all shards: null) after a position, in order, up to the head of now, in batches.
   * @throws StoreUnavailable, JournalDamaged (also where the journal ends before that position: its tail was cut off)
   */
  read(shard: string | null, afterStreamRevision: number): AsyncIterable<readonly StoredCommit[]>;
  /** Every shard that has a commit, sorted. @throws StoreUnavailable */
  shards(): Promise<readonly string[]>;
}

/**
 * The append-only journal of all shards. A port: in-memory here, JetStream in libs/event-store-jetstream; every adapter
 * passes the contract suite in libs/testing.
 */
export interface EventStore extends CommitLog {
  /**
   * Appends one commit if the shard's last commit has the stream revision `expected` (null: the shard is empty). Never
   * throws and never retries: the writer resolves what is unknown. One append in flight a shard.
   */
  append(commit: EncodedCommit, expected: number | null): Promise<AppendOutcome>;
  /** Follows all shards after a position. @throws StoreUnavailable, JournalDamaged as `read` does */
  subscribe(afterStreamRevision: number, handlers: CommitHandlers): Promise<CommitSubscription>;
}

/** The journal cannot be reached just now; nothing is known. */
export class StoreUnavailable extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StoreUnavailable';
  }
}

/** A message in the journal that no writer put there. */
export interface ForeignMessage {
  readonly streamRevision: number;
  readonly subject: string;
  readonly bytes: number;
  /** The shard on whose subject it lies, which stops at it; null: it lies beside all shards and is skipped. */
  readonly shard: string | null;
}

/**
 * The journal itself is not whole: a gap in its positions, a deleted message, a shard's count that jumps. Trying again
 * does not help; restore it from a copy.
 */
export class JournalDamaged extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'JournalDamaged';
  }
}
