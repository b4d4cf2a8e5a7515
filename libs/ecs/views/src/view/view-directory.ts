import { accountShard, clusterShard, parseShard } from '#libs/ecs/messages';
import type { Commit, ContextViews, DomainEvent, Locale, ViewHalted, ViewOutcome } from '#libs/kernel';
import { AccountView } from './account.view.ts';
import { ClusterView } from './cluster.view.ts';

/** All views of one account by shard: what every query is asked of. */
export class ViewDirectory implements ContextViews {
  readonly locale: Locale;
  /** The account's own view; empty before its first commit. */
  readonly account: AccountView;
  readonly #clusters = new Map<string, ClusterView>();

  constructor(locale: Locale) {
    this.locale = locale;
    this.account = new AccountView(accountShard(locale.account));
  }

  /**
   * Folds a commit into the view of its shard; a first commit makes the view.
   * @returns `foreign` for a shard of another context or account, which is none of ours.
   * @throws CommitRefused on a gap.
   */
  apply(commit: Commit<DomainEvent>): ViewOutcome {
    const shard = parseShard(commit.shard);
    if (shard === undefined || shard.account !== this.locale.account) return 'foreign';
    if (shard.cluster === null) return this.account.applyCommit(commit);
    let view = this.#clusters.get(shard.cluster);
    if (view !== undefined) return view.applyCommit(commit);
    view = new ClusterView(commit.shard);
    const outcome = view.applyCommit(commit);
    this.#clusters.set(shard.cluster, view);
    return outcome;
  }

  /** Every cluster's view by name, also those whose cluster is INACTIVE or gone. */
  get clusters(): ReadonlyMap<string, ClusterView> {
    return this.#clusters;
  }

  /** The view of a cluster by its short name. */
  cluster(clusterName: string): ClusterView | undefined {
    return this.#clusters.get(clusterName);
  }

  /** The last commit of a shard that its view has; 0 when it has none. */
  revisionOf(shard: string): number {
    return this.#viewOf(shard)?.revision ?? 0;
  }

  /** Where a shard's view stopped, or null while it goes on. */
  haltOf(shard: string): ViewHalted | null {
    return this.#viewOf(shard)?.halted ?? null;
  }

  /** What a shard's view holds, for a comparison by `canonicalJson`; null when there is none. */
  contentOf(shard: string): object | null {
    return this.#viewOf(shard)?.viewContent() ?? null;
  }

  /** Every view that stopped. */
  get halted(): readonly ViewHalted[] {
    return [this.account, ...this.#clusters.values()].flatMap((view) => (view.halted === null ? [] : [view.halted]));
  }

  #viewOf(shard: string): AccountView | ClusterView | undefined {
    if (shard === this.account.shard) return this.account;
    const cluster = parseShard(shard)?.cluster ?? null;
    if (cluster === null || shard !== clusterShard(this.locale.account, cluster)) return undefined;
    return this.#clusters.get(cluster);
  }
}
