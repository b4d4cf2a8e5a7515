import {
  type AnyShardKind,
  canonicalJson,
  type ChainHead,
  type ContextViews,
  type DomainEvent,
  ShardFold,
} from '#libs/kernel';
import { sha256 } from '#libs/platform';
import { ownerOf } from '../journal/contexts.ts';

/** A writer's state and its view at one revision, as hashes. */
export interface Fingerprint {
  readonly revision: number;
  /** The commit's. */
  readonly hash: string;
  readonly term: number;
  readonly stateHash: string;
  readonly viewHash: string;
}

/**
 * Folds one shard from its first commit into the writer's state and into the views, by the code that the live control
 * plane uses, and checks each link: contiguous revisions, the hash chain, terms and time that never run back.
 */
export class ShardReplay {
  readonly shard: string;
  readonly #kind: AnyShardKind;
  readonly #fold: ShardFold<unknown, DomainEvent>;
  readonly #views: ContextViews;
  #events = 0;

  /** @throws Error for a shard of a context that this version does not know */
  constructor(shard: string) {
    const owner = ownerOf(shard);
    if (owner === undefined) throw new Error('its context is unknown to this version');
    this.shard = shard;
    this.#kind = owner.kind;
    this.#fold = new ShardFold(shard, owner.kind.decider, sha256);
    this.#views = owner.context.createViews(owner.locale);
  }

  get events(): number {
    return this.#events;
  }

  get head(): ChainHead {
    return this.#fold.head;
  }

  /** @throws CommitRefused for a broken link, Error for an event that this version cannot fold */
  apply(text: string): void {
    const commit = this.#fold.apply(text);
    for (const { events } of commit.decisions) this.#events += events.length;
    if (this.#views.apply(commit) === 'applied') return;
    throw new Error(`the view cannot fold commit ${commit.revision}: ${this.#views.haltOf(this.shard)?.error ?? ''}`);
  }

  /** Costs as much as the state is large. */
  fingerprint(): Fingerprint {
    const { revision, hash, term } = this.#fold.head;
    return {
      revision,
      hash,
      term,
      stateHash: sha256(canonicalJson(this.#kind.snapshot.encode(this.#fold.state))),
      viewHash: sha256(canonicalJson(this.#views.contentOf(this.shard))),
    };
  }
}
