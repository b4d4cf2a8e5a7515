import type { AppendOutcome, StoredCommit } from '#libs/event-store';
import type { EncodedCommit } from '#libs/kernel';
import type { Chance } from './chance.ts';
import type { VirtualClock } from './virtual-clock.ts';

/** How the journal misbehaves. Probabilities in 0–1, times in ms. */
export interface JournalFaults {
  /** The request never arrives; the writer hears nothing until its time-out. */
  readonly requestLost: number;
  /** Stored and synced, but the answer is lost. */
  readonly answerLost: number;
  readonly syncMs: readonly [min: number, max: number];
}

export const HEALTHY_JOURNAL: JournalFaults = { requestLost: 0, answerLost: 0, syncMs: [1, 2] };

/** After this long without an answer an append counts as unknown. */
const APPEND_TIMEOUT_MS = 5_000;

/**
 * A journal as `sync_interval: always` gives it: an append is written, then synced, then acknowledged. A crash loses
 * what was written and not yet synced: never anything that was acknowledged.
 */
export class SimJournal {
  readonly #clock: VirtualClock;
  readonly #chance: Chance;
  readonly #commits: StoredCommit[] = [];
  readonly #heads = new Map<string, StoredCommit>();
  readonly #unsynced: StoredCommit[] = [];
  #epoch = 0;
  #position = 0;
  faults: JournalFaults = HEALTHY_JOURNAL;
  faultCount = 0;
  isDown = false;

  constructor(clock: VirtualClock, chance: Chance) {
    this.#clock = clock;
    this.#chance = chance;
  }

  /** Everything that is durable, in order. */
  get commits(): readonly StoredCommit[] {
    return this.#commits;
  }

  head(shard: string): StoredCommit | null {
    return this.#heads.get(shard) ?? null;
  }

  append(commit: EncodedCommit, expected: number | null, done: (outcome: AppendOutcome) => void): void {
    let answered = false;
    const answer = (outcome: AppendOutcome): void => {
      if (answered) return;
      answered = true;
      done(outcome);
    };
    this.#clock.after(APPEND_TIMEOUT_MS, () => answer({ kind: 'unknown', reason: 'no answer in time' }));
    if (this.isDown || this.#chance.happens(this.faults.requestLost)) {
      this.faultCount += 1;
      return;
    }
    const last = this.#unsynced.findLast(({ shard }) => shard === commit.shard) ?? this.head(commit.shard);
    if ((last?.streamRevision ?? null) !== expected) {
      // A retry of what is stored already meets itself: the server cannot tell, the writer must look.
      const outcome: AppendOutcome =
        last?.hash === commit.hash ? { kind: 'unknown', reason: 'wrong last sequence' } : { kind: 'conflict' };
      this.#clock.after(1, () => answer(outcome));
      return;
    }
    this.#position += 1;
    const { shard, term, revision, hash, text } = commit;
    const stored: StoredCommit = { shard, streamRevision: this.#position, term, revision, hash, text };
    this.#unsynced.push(stored);
    const epoch = this.#epoch;
    const [min, max] = this.faults.syncMs;
    this.#clock.after(this.#chance.between(min, max), () => {
      if (epoch !== this.#epoch) return;
      this.#sync(stored);
      if (this.#chance.happens(this.faults.answerLost)) {
        this.faultCount += 1;
        return;
      }
      answer({ kind: 'appended', streamRevision: stored.streamRevision });
    });
  }

  /** Power cut: what was not synced is gone, with its positions. */
  crash(): void {
    this.faultCount += 1;
    this.#epoch += 1;
    this.#unsynced.length = 0;
    this.#position = this.#commits.at(-1)?.streamRevision ?? 0;
    this.isDown = true;
  }

  restart(): void {
    this.isDown = false;
  }

  /** A sync reaches everything that was written before it. */
  #sync(stored: StoredCommit): void {
    while (this.#unsynced[0] !== undefined && this.#unsynced[0].streamRevision <= stored.streamRevision) {
      const [synced] = this.#unsynced.splice(0, 1);
      if (synced === undefined) break;
      this.#commits.push(synced);
      this.#heads.set(synced.shard, synced);
    }
  }
}
