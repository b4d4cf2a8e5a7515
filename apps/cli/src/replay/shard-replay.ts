import { createHash } from 'node:crypto';
import { parseShard } from '#libs/ecs/messages';
import type { AccountEvent, ClusterEvent } from '#libs/ecs/messages';
import { accountDecider, type AccountState, clusterDecider, type ClusterState } from '#libs/ecs/deciders';
import { canonicalJson, type ChainHead, ShardFold } from '#libs/kernel';
import { ViewDirectory } from '#libs/ecs/views';

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
  readonly #fold: ShardFold<ClusterState, ClusterEvent> | ShardFold<AccountState, AccountEvent>;
  readonly #views: ViewDirectory;
  #events = 0;

  /** @throws Error for a shard of a context that this version does not know */
  constructor(shard: string) {
    const parsed = parseShard(shard);
    if (parsed === undefined) throw new Error('its context is unknown to this version');
    this.shard = shard;
    // Reactions are in the log already: a fold needs no sagas.
    this.#fold =
      parsed.cluster === null
        ? new ShardFold(shard, accountDecider(), sha256)
        : new ShardFold(shard, clusterDecider({ sagas: [] }), sha256);
    this.#views = new ViewDirectory({ account: parsed.account, region: '' });
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
      stateHash: sha256(canonicalJson(this.#fold.state)),
      viewHash: sha256(canonicalJson(this.#views.contentOf(this.shard))),
    };
  }
}

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
