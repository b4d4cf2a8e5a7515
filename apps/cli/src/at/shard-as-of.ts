import type { Commit, ContextViews, DomainEvent } from '#libs/kernel';
import type { ShardOwner } from '../journal/contexts.ts';
import { CliProblem } from '../shell/cli-problem.ts';

/** Up to where the log is folded: a revision of one shard, or a moment (ms) in all. */
export type AsOf =
  { readonly kind: 'revision'; readonly revision: number } | { readonly kind: 'moment'; readonly atMs: number };

/** Folds one shard up to a point, and no further. */
export class ShardAsOf {
  readonly shard: string;
  /** Views that have this shard alone. */
  readonly views: ContextViews;
  readonly #asOf: AsOf;
  #at: number | null = null;
  #isBeyond = false;

  constructor(shard: string, { context, locale }: Pick<ShardOwner, 'context' | 'locale'>, asOf: AsOf) {
    this.shard = shard;
    this.views = context.createViews(locale);
    this.#asOf = asOf;
  }

  /** Nothing that follows can change the answer. */
  get isBeyond(): boolean {
    return this.#isBeyond;
  }

  /** The last commit that is folded, perhaps in part; 0: there was nothing yet. */
  get revision(): number {
    return this.views.revisionOf(this.shard);
  }

  /** Time of the last decision that is folded, ms. */
  get at(): number | null {
    return this.#at;
  }

  /** The next commit of the shard. @throws CliProblem for one that this version cannot fold */
  apply(commit: Commit<DomainEvent>): void {
    if (this.#isBeyond) return;
    const part = this.#upToHere(commit);
    if (part.decisions.length === 0) return;
    if (this.views.apply(part) === 'halted') {
      const halt = this.views.haltOf(commit.shard);
      throw new CliProblem(`revision ${commit.revision} of ${commit.shard} cannot be folded: ${halt?.error ?? ''}`);
    }
    this.#at = part.decisions.at(-1)?.at ?? this.#at;
  }

  /** One commit holds the decisions of a few milliseconds; a moment may lie between two of them. */
  #upToHere(commit: Commit<DomainEvent>): Commit<DomainEvent> {
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
