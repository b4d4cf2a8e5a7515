import { parseShard } from '#libs/ecs/messages';
import type { LogCommit } from '#libs/ecs/views';
import { type ClusterView, ViewDirectory } from '#libs/ecs/views';
import { CliProblem } from '../shell/cli-problem.ts';

/** Up to where the log is folded: a revision of one shard, or a moment (ms) in all. */
export type AsOf =
  { readonly kind: 'revision'; readonly revision: number } | { readonly kind: 'moment'; readonly atMs: number };

/** Folds one cluster's shard up to a point, and no further. */
export class ClusterAsOf {
  readonly #cluster: string;
  readonly #views: ViewDirectory;
  readonly #asOf: AsOf;
  #at: number | null = null;
  #isBeyond = false;

  /** @param shard a cluster's shard */
  constructor(shard: string, asOf: AsOf) {
    const parsed = parseShard(shard);
    if (parsed === undefined || parsed.cluster === null) throw new Error(`${shard} is no cluster's shard`);
    this.#cluster = parsed.cluster;
    // The view takes every ARN's region from the log; this one appears nowhere.
    this.#views = new ViewDirectory({ account: parsed.account, region: '' });
    this.#asOf = asOf;
  }

  /** Nothing that follows can change the answer. */
  get isBeyond(): boolean {
    return this.#isBeyond;
  }

  /** The cluster as it was; undefined before its first commit. */
  get view(): ClusterView | undefined {
    return this.#views.cluster(this.#cluster);
  }

  /** Time of the last decision that is in the view, ms. */
  get at(): number | null {
    return this.#at;
  }

  /** The next commit of the shard. @throws CliProblem for one that this version cannot fold */
  apply(commit: LogCommit): void {
    if (this.#isBeyond) return;
    const part = this.#upToHere(commit);
    if (part.decisions.length === 0) return;
    if (this.#views.apply(part) === 'halted') {
      const halt = this.#views.haltOf(commit.shard);
      throw new CliProblem(`revision ${commit.revision} of ${commit.shard} cannot be folded: ${halt?.error ?? ''}`);
    }
    this.#at = part.decisions.at(-1)?.at ?? this.#at;
  }

  /** One commit holds the decisions of a few milliseconds; a moment may lie between two of them. */
  #upToHere(commit: LogCommit): LogCommit {
    const asOf = this.#asOf;
    if (asOf.kind === 'revision') {
      this.#isBeyond = commit.revision >= asOf.revision;
      return commit;
    }
    const decisions = commit.decisions.filter(({ at }) => at <= asOf.atMs);
    if (decisions.length === commit.decisions.length) return commit;
    this.#isBeyond = true;
    return { ...commit, at: asOf.atMs, decisions };
  }
}
