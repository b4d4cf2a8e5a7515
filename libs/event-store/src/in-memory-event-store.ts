import { COMMIT_BYTES_HARD_MAX, type EncodedCommit, utf8Length } from '#libs/kernel';
import {
  type AppendOutcome,
  type CommitHandlers,
  type CommitSubscription,
  type EventStore,
  JournalDamaged,
  type StoredCommit,
  StoreUnavailable,
} from './event-store.ts';
import { InMemorySubscription } from './in-memory-subscription.ts';

/** What goes wrong with one append. */
export type AppendFault =
  /** Answered as a conflict, though no other process wrote. */
  | 'conflict'
  /** Stored, but the answer is lost. */
  | 'unknown-stored'
  /** The request is lost. */
  | 'unknown-not-stored'
  /** The request is under way for so long that its writer gives up; `landLate` lets it arrive. */
  | 'unknown-stored-late'
  | 'refused';

export interface InMemoryEventStoreOptions {
  /** Asked at each append; null: nothing goes wrong. `failNext` comes first. */
  readonly faultOf?: (commit: EncodedCommit) => AppendFault | null;
  /** When subscribers hear of commits; default: the next microtask. A simulation gives its own clock's. */
  readonly schedule?: (deliver: () => void) => void;
}

interface LateAppend {
  readonly commit: EncodedCommit;
  readonly expected: number | null;
}

const READ_BATCH_COMMITS = 256;

/**
 * The journal in memory, for tests and the simulation. Everything is decided before `append` returns its promise, so the
 * same calls give the same journal. Faults are asked for, never random.
 */
export class InMemoryEventStore implements EventStore {
  readonly #commits: StoredCommit[] = [];
  /** Index into #commits of each shard's last commit. */
  readonly #heads = new Map<string, number>();
  readonly #subscriptions = new Set<InMemorySubscription>();
  readonly #faults: AppendFault[] = [];
  #late: LateAppend[] = [];
  readonly #faultOf: (commit: EncodedCommit) => AppendFault | null;
  readonly #schedule: (deliver: () => void) => void;
  #available = true;

  constructor(options: InMemoryEventStoreOptions = {}) {
    this.#faultOf = options.faultOf ?? (() => null);
    this.#schedule = options.schedule ?? ((deliver) => void Promise.resolve().then(deliver));
  }

  /** The next appends go wrong in these ways, one each. */
  failNext(...faults: readonly AppendFault[]): void {
    this.#faults.push(...faults);
  }

  /** Lets the appends that were under way for too long arrive, in order, each under its own expectation. */
  landLate(): void {
    const late = this.#late;
    this.#late = [];
    for (const { commit, expected } of late) this.#store(commit, expected);
  }

  /** Cuts the connection to the store, or mends it. Subscriptions end. */
  set available(available: boolean) {
    this.#available = available;
    if (!available) this.#endSubscriptions();
  }

  /**
   * Forgets the last commits, as a store does that acknowledges before it syncs and then loses its power. The same
   * positions are given out again.
   */
  loseTail(commits: number): void {
    this.#commits.length = Math.max(0, this.#commits.length - commits);
    this.#heads.clear();
    for (const [index, { shard }] of this.#commits.entries()) this.#heads.set(shard, index);
    this.#endSubscriptions();
  }

  append(commit: EncodedCommit, expected: number | null): Promise<AppendOutcome> {
    return Promise.resolve(this.#append(commit, expected));
  }

  #append(commit: EncodedCommit, expected: number | null): AppendOutcome {
    if (!this.#available) return { kind: 'unknown', reason: 'no connection to the store' };
    const bytes = utf8Length(commit.text);
    if (bytes > COMMIT_BYTES_HARD_MAX) return { kind: 'refused', reason: `${bytes} bytes are too many` };
    const fault = this.#faults.shift() ?? this.#faultOf(commit);
    switch (fault) {
      case null:
        return this.#store(commit, expected);
      case 'conflict':
        return { kind: 'conflict' };
      case 'refused':
        return { kind: 'refused', reason: 'injected' };
      case 'unknown-stored':
        this.#store(commit, expected);
        return { kind: 'unknown', reason: 'the answer was lost' };
      case 'unknown-stored-late':
        this.#late.push({ commit, expected });
        return { kind: 'unknown', reason: 'the request is late' };
      case 'unknown-not-stored':
        return { kind: 'unknown', reason: 'the request was lost' };
    }
  }

  #store(commit: EncodedCommit, expected: number | null): AppendOutcome {
    const head = this.#head(commit.shard);
    // The same bytes once more, as when a writer repeats what it does not know the fate of.
    if (head?.hash === commit.hash) return { kind: 'appended', streamRevision: head.streamRevision };
    if ((head?.streamRevision ?? null) !== expected) return { kind: 'conflict' };
    const { shard, term, revision, hash, text } = commit;
    const streamRevision = this.#commits.length + 1;
    this.#commits.push({ shard, streamRevision, term, revision, hash, text });
    this.#heads.set(shard, this.#commits.length - 1);
    for (const subscription of this.#subscriptions) subscription.wake();
    return { kind: 'appended', streamRevision };
  }

  #head(shard: string): StoredCommit | null {
    const index = this.#heads.get(shard);
    return index === undefined ? null : (this.#commits[index] ?? null);
  }

  async readHead(shard: string): Promise<StoredCommit | null> {
    this.#assertAvailable();
    return this.#head(shard);
  }

  async *read(shard: string | null, afterStreamRevision: number): AsyncIterable<readonly StoredCommit[]> {
    this.#assertAvailable();
    this.#assertHolds(afterStreamRevision);
    const end = this.#commits.length;
    let batch: StoredCommit[] = [];
    for (const commit of this.#commits.slice(afterStreamRevision, end)) {
      if (shard !== null && commit.shard !== shard) continue;
      batch.push(commit);
      if (batch.length < READ_BATCH_COMMITS) continue;
      yield batch;
      this.#assertAvailable();
      batch = [];
    }
    if (batch.length > 0) yield batch;
  }

  async subscribe(afterStreamRevision: number, handlers: CommitHandlers): Promise<CommitSubscription> {
    this.#assertAvailable();
    this.#assertHolds(afterStreamRevision);
    const subscription = new InMemorySubscription(this.#commits, afterStreamRevision, handlers, this.#schedule, () =>
      this.#subscriptions.delete(subscription),
    );
    this.#subscriptions.add(subscription);
    subscription.wake();
    return subscription;
  }

  async shards(): Promise<readonly string[]> {
    this.#assertAvailable();
    return [...this.#heads.keys()].sort();
  }

  #assertAvailable(): void {
    if (!this.#available) throw new StoreUnavailable('no connection to the store');
  }

  #assertHolds(streamRevision: number): void {
    if (streamRevision > this.#commits.length) {
      throw new JournalDamaged(`the journal ends at ${this.#commits.length}, before ${streamRevision}`);
    }
  }

  #endSubscriptions(): void {
    const ended = [...this.#subscriptions];
    this.#subscriptions.clear();
    for (const subscription of ended) subscription.fail(new StoreUnavailable('the connection to the store was cut'));
  }
}
