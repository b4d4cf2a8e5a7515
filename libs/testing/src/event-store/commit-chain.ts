import { encodeCommit, type EncodedCommit, GENESIS_HASH } from '#libs/kernel';
import { sha256 } from '#libs/platform';

/** What a commit of a chain may differ in. */
export interface ChainedCommit {
  readonly term?: number;
  /** Text of the one event; the default is short. */
  readonly note?: string;
}

/** Makes commits that follow one another, each with one decision of one event. */
export class CommitChain {
  readonly shard: string;
  #revision = 0;
  #prevHash = GENESIS_HASH;

  constructor(shard: string) {
    this.shard = shard;
  }

  /** The commit after the last one; the chain goes on from it. */
  next(commit: ChainedCommit = {}): EncodedCommit {
    const encoded = this.rival(commit);
    this.#revision = encoded.revision;
    this.#prevHash = encoded.hash;
    return encoded;
  }

  /** A commit that would come next, without being it: what another writer might append. */
  rival({ term = 1, note = 'n' }: ChainedCommit = {}): EncodedCommit {
    const revision = this.#revision + 1;
    const decision = {
      commandId: `${this.shard}-${revision}`,
      command: 'Note',
      principal: 'root',
      source: 'writer',
      correlationId: `${this.shard}-${revision}`,
      causationId: null,
      at: revision,
      events: [{ type: 'Noted', v: 1, note }],
    };
    const header = { shard: this.shard, term, revision, prevHash: this.#prevHash, at: revision, deciderVersion: 1 };
    return encodeCommit(header, [JSON.stringify(decision)], sha256);
  }
}
