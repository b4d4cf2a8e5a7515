import { APPEND_TIMEOUT_MS } from '#libs/event-store';
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
  /** The request arrives long after its writer has given it up. */
  readonly requestLate: number;
  readonly lateMs: readonly [min: number, max: number];
  readonly syncMs: readonly [min: number, max: number];
  /** Subscribers get a commit once more, later; or, when they subscribe again, some that they have had. */
  readonly deliveredTwice: number;
}

export const HEALTHY_JOURNAL: JournalFaults = {
  requestLost: 0,
  answerLost: 0,
  requestLate: 0,
  lateMs: [0, 0],
  syncMs: [1, 2],
  deliveredTwice: 0,
};

/** One way between a client and the journal. */
const TRANSIT_MS = 1;

/** How late a commit comes that is delivered twice, and how many come again with a new subscription. */
const REDELIVERY_MS = [2, 5_000] as const;
const REDELIVERED_MAX = 20;

/** How a broken journal breaks its promise, for the checks of the checks. */
export interface BrokenJournal {
  /** At a crash this many acknowledged commits go with the unsynced ones. */
  readonly acknowledgedLostAtCrash?: number;
  /** Appends are taken whatever they expect. */
  readonly ignoresExpectations?: boolean;
}

/** One process's connection to the journal. */
export interface JournalClient {
  readonly name: string;
  /** Whether messages get through, one way. */
  readonly canSend: () => boolean;
  readonly canHear: () => boolean;
}

/** Who follows the journal. */
export interface Subscriber {
  readonly onCommits: (commits: readonly StoredCommit[]) => void;
  /** The head that there was when the subscription began has been delivered. */
  readonly onCaughtUp: () => void;
  readonly onFailed: () => void;
}

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
  readonly #subscribers = new Set<Subscriber>();
  /** What this server answers to bytes that it has already: before 2.12 `duplicate`, since then 10071. */
  readonly #recognisesRepeats: boolean;
  readonly #broken: BrokenJournal | undefined;
  #epoch = 0;
  #position = 0;
  faults: JournalFaults = HEALTHY_JOURNAL;
  faultCount = 0;
  isDown = false;
  /** Called for each commit at the moment it is durable, before anything follows from it. */
  onDurable: (stored: StoredCommit) => void = () => {};

  constructor(clock: VirtualClock, chance: Chance, broken?: BrokenJournal) {
    this.#clock = clock;
    this.#chance = chance;
    this.#recognisesRepeats = chance.happens(0.5);
    this.#broken = broken;
  }

  /** Everything that is durable, in order. */
  get commits(): readonly StoredCommit[] {
    return this.#commits;
  }

  head(shard: string): StoredCommit | null {
    return this.#heads.get(shard) ?? null;
  }

  /** Whether these very bytes are durable. */
  holds(shard: string, revision: number, hash: string): boolean {
    const head = this.head(shard);
    if (head === null || head.revision < revision) return false;
    // Chained: looking from the end is short, because only recent commits are asked for.
    for (let i = this.#commits.length - 1; i >= 0; i--) {
      const stored = this.#commits[i];
      if (stored?.shard === shard && stored.revision === revision) return stored.hash === hash;
    }
    return false;
  }

  append(
    client: JournalClient,
    commit: EncodedCommit,
    expected: number | null,
    done: (outcome: AppendOutcome) => void,
  ): void {
    let answered = false;
    const answer = (outcome: AppendOutcome): void => {
      if (answered) return;
      answered = true;
      done(outcome);
    };
    this.#clock.after(APPEND_TIMEOUT_MS, () => answer({ kind: 'unknown', reason: 'no answer in time' }));
    if (this.#fault(this.faults.requestLost)) return;
    const late = this.#fault(this.faults.requestLate) ? this.#chance.between(...this.faults.lateMs) : 0;
    const reply = (outcome: AppendOutcome): void => {
      if (this.#fault(this.faults.answerLost)) return;
      this.#clock.after(TRANSIT_MS, () => {
        if (client.canHear()) answer(outcome);
      });
    };
    this.#clock.after(TRANSIT_MS + late, () => {
      if (client.canSend() && !this.isDown) this.#arrived(commit, expected, reply);
    });
  }

  /** Asks for the last commit of a shard, or for all that are durable. No answer: `fail` after a time-out. */
  read<Answer>(client: JournalClient, look: () => Answer, done: (answer: Answer) => void, fail: () => void): void {
    this.#clock.after(TRANSIT_MS, () => {
      if (!client.canSend() || this.isDown) {
        this.#clock.after(APPEND_TIMEOUT_MS, fail);
        return;
      }
      const answer = look();
      this.#clock.after(TRANSIT_MS, () => (client.canHear() ? done(answer) : fail()));
    });
  }

  /** All durable commits of now after a position, of one shard or (null) of all. */
  commitsOf(shard: string | null, after: number): readonly StoredCommit[] {
    return this.#commits.filter(
      (stored) => stored.streamRevision > after && (shard === null || stored.shard === shard),
    );
  }

  /** Every shard with a durable commit, sorted. */
  shards(): readonly string[] {
    return [...this.#heads.keys()].sort();
  }

  /** Follows the journal from a position. Ends at a crash. Returns a function that ends it. */
  subscribe(afterStreamRevision: number, subscriber: Subscriber): () => void {
    if (this.isDown) {
      this.#clock.after(APPEND_TIMEOUT_MS, () => subscriber.onFailed());
      return () => {};
    }
    const repeated = this.#fault(this.faults.deliveredTwice) ? this.#chance.between(1, REDELIVERED_MAX) : 0;
    const recorded = this.commitsOf(null, afterStreamRevision - repeated);
    this.#subscribers.add(subscriber);
    this.#clock.after(TRANSIT_MS, () => {
      if (!this.#subscribers.has(subscriber)) return;
      if (recorded.length > 0) subscriber.onCommits(recorded);
      subscriber.onCaughtUp();
    });
    return () => void this.#subscribers.delete(subscriber);
  }

  /** Power cut: what was not synced is gone, with its positions. */
  crash(): void {
    if (this.isDown) return;
    this.faultCount += 1;
    this.#epoch += 1;
    this.#unsynced.length = 0;
    for (let lost = 0; lost < (this.#broken?.acknowledgedLostAtCrash ?? 0); lost++) this.#loseLast();
    this.#position = this.#commits.at(-1)?.streamRevision ?? 0;
    this.isDown = true;
    const ended = [...this.#subscribers];
    this.#subscribers.clear();
    for (const subscriber of ended) this.#clock.after(TRANSIT_MS, () => subscriber.onFailed());
  }

  restart(): void {
    this.isDown = false;
  }

  #arrived(commit: EncodedCommit, expected: number | null, reply: (outcome: AppendOutcome) => void): void {
    const last = this.#unsynced.findLast(({ shard }) => shard === commit.shard) ?? this.head(commit.shard);
    if (last?.hash === commit.hash && this.#recognisesRepeats) {
      // Known by its Msg-Id; acknowledged with the first copy's position, once that is synced.
      this.#synced(last, () => reply({ kind: 'appended', streamRevision: last.streamRevision }));
      return;
    }
    if ((last?.streamRevision ?? null) !== expected && this.#broken?.ignoresExpectations !== true) {
      reply({ kind: 'conflict' });
      return;
    }
    this.#position += 1;
    const { shard, term, revision, hash, text } = commit;
    const stored: StoredCommit = { shard, streamRevision: this.#position, term, revision, hash, text };
    this.#unsynced.push(stored);
    this.#synced(stored, () => reply({ kind: 'appended', streamRevision: stored.streamRevision }));
  }

  #synced(stored: StoredCommit, then: () => void): void {
    const epoch = this.#epoch;
    this.#clock.after(this.#chance.between(...this.faults.syncMs), () => {
      if (epoch !== this.#epoch) return;
      this.#sync(stored);
      then();
    });
  }

  /** A sync reaches everything that was written before it. */
  #sync(stored: StoredCommit): void {
    while (this.#unsynced[0] !== undefined && this.#unsynced[0].streamRevision <= stored.streamRevision) {
      const synced = this.#unsynced.shift();
      if (synced === undefined) break;
      this.#commits.push(synced);
      this.#heads.set(synced.shard, synced);
      this.onDurable(synced);
      for (const subscriber of this.#subscribers) {
        this.#deliver(subscriber, synced, TRANSIT_MS);
        if (!this.#fault(this.faults.deliveredTwice)) continue;
        this.#deliver(subscriber, synced, this.#chance.between(...REDELIVERY_MS));
      }
    }
  }

  #deliver(subscriber: Subscriber, stored: StoredCommit, delayMs: number): void {
    this.#clock.after(delayMs, () => {
      if (this.#subscribers.has(subscriber)) subscriber.onCommits([stored]);
    });
  }

  #loseLast(): void {
    const lost = this.#commits.pop();
    if (lost === undefined) return;
    const before = this.#commits.findLast(({ shard }) => shard === lost.shard);
    if (before === undefined) this.#heads.delete(lost.shard);
    else this.#heads.set(lost.shard, before);
  }

  #fault(probability: number): boolean {
    if (!this.#chance.happens(probability)) return false;
    this.faultCount += 1;
    return true;
  }
}
