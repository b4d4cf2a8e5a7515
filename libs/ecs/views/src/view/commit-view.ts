import type { AccountEvent, ClusterEvent } from '#libs/ecs/messages';
import { CommitRefused, upcastCommit } from '#libs/kernel';
import type { Commit, DomainEvent, EventCatalogue, ViewHalted, ViewOutcome } from '#libs/kernel';

/** Any fact that the log of an ECS shard may hold. */
export type LogEvent = AccountEvent | ClusterEvent;
export type LogCommit = Commit<LogEvent>;

/** A fold of one shard's commits, changed in place. */
export abstract class CommitView<Event extends DomainEvent> {
  readonly shard: string;
  readonly #events: EventCatalogue<Event>;
  #revision = 0;
  #halted: ViewHalted | null = null;

  constructor(shard: string, events: EventCatalogue<Event>) {
    this.shard = shard;
    this.#events = events;
  }

  /** The last commit that is in the view; 0 before the first. */
  get revision(): number {
    return this.#revision;
  }

  get halted(): ViewHalted | null {
    return this.#halted;
  }

  /**
   * Folds the next commit.
   * @throws CommitRefused when it is not the next one of this shard; the view is as it was and goes on with the right one.
   */
  applyCommit(commit: Commit<DomainEvent>): ViewOutcome {
    if (commit.shard !== this.shard) {
      throw new CommitRefused(commit.shard, commit.revision, `this is the view of shard ${this.shard}`);
    }
    if (this.#halted !== null) return 'skipped';
    if (commit.revision !== this.#revision + 1) {
      throw new CommitRefused(commit.shard, commit.revision, `the view expects revision ${this.#revision + 1}`);
    }
    try {
      for (const decision of upcastCommit(commit, this.#events).decisions) {
        for (const event of decision.events) this.applyEvent(event, decision.at);
      }
      this.timePassed(commit.at);
    } catch (error) {
      // Whatever it was, the view is half changed now: it answers nothing more until it is folded again.
      const message = error instanceof Error ? error.message : String(error);
      this.#halted = { shard: this.shard, revision: commit.revision, error: message };
      return 'halted';
    }
    this.#revision = commit.revision;
    return 'applied';
  }

  /** Everything that the view holds, as plain data in one form: two views are equal exactly when their `canonicalJson` is. */
  abstract viewContent(): object;

  protected abstract applyEvent(event: Event, at: number): void;

  /** All events of a commit are in; drop what was kept long enough. */
  protected abstract timePassed(at: number): void;
}
