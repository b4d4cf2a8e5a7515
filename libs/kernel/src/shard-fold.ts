import { decodeCommit, GENESIS_HEAD, verifyLink } from './commit.ts';
import type { ChainHead, Commit, Sha256 } from './commit.ts';
import type { DomainEvent } from './event.ts';
import type { EventCatalogue } from './event.ts';
import { upcastCommit } from './upcast.ts';

/** What a fold needs of a decider. */
export interface Foldable<State, Event extends DomainEvent> {
  readonly events: EventCatalogue<Event>;
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

  /** Folds the next commit and returns it as it was folded. @throws CommitRefused when it is not the next link, or not ours to read. */
  apply(text: string): Commit<Event> {
    const recorded = decodeCommit(text);
    const head = verifyLink(this.#head, recorded, text, this.#sha256);
    const commit = upcastCommit(recorded, this.#foldable.events);
    this.#head = head;
    for (const decision of commit.decisions) {
      for (const event of decision.events) this.#foldable.evolve(this.state, event, decision.at);
    }
    return commit;
  }
}
