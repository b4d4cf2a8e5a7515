import { decodeCommit, GENESIS_HEAD, verifyLink } from './commit.ts';
import type { ChainHead, Commit, Sha256 } from './commit.ts';
import type { DomainEvent } from './decider.ts';

/** What a fold needs of a decider. */
export interface Foldable<State, Event extends DomainEvent> {
  initialState(shard: string): State;
  evolve(state: State, event: Event, at: number): void;
}

/** Where a fold goes on: a state and the commit that it includes. The state belongs to the fold. */
export interface FoldStart<State> {
  readonly state: State;
  readonly head: ChainHead;
}

/**
 * The state of one shard, folded commit by commit from the start of its log or from a snapshot, every link of the chain
 * checked.
 */
export class ShardFold<State, Event extends DomainEvent> {
  readonly state: State;
  #head: ChainHead;
  readonly #foldable: Foldable<State, Event>;
  readonly #sha256: Sha256;

  constructor(shard: string, foldable: Foldable<State, Event>, sha256: Sha256, start?: FoldStart<State>) {
    this.state = start?.state ?? foldable.initialState(shard);
    this.#head = start?.head ?? GENESIS_HEAD;
    this.#foldable = foldable;
    this.#sha256 = sha256;
  }

  get head(): ChainHead {
    return this.#head;
  }

  /** Folds the next commit and returns it decoded. @throws CommitRefused when it is not the next link. */
  apply(text: string): Commit<Event> {
    const commit = decodeCommit<Event>(text);
    this.#head = verifyLink(this.#head, commit, text, this.#sha256);
    for (const decision of commit.decisions) {
      for (const event of decision.events) this.#foldable.evolve(this.state, event, decision.at);
    }
    return commit;
  }
}
