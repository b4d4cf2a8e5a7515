import type { CommitSubscription, EventStore, StoredCommit } from '#libs/event-store';

/** Records what a subscription delivers, and lets a spec wait for it. */
export class Follower {
  readonly commits: StoredCommit[] = [];
  readonly batchSizes: number[] = [];
  /** How many commits had come at each onCaughtUp. */
  readonly caughtUpAt: number[] = [];
  readonly failures: Error[] = [];
  #subscription: CommitSubscription | null = null;
  #look: () => void = () => {};

  static async follow(store: EventStore, afterStreamRevision: number): Promise<Follower> {
    const follower = new Follower();
    follower.#subscription = await store.subscribe(afterStreamRevision, {
      onCommits: (commits) => {
        follower.batchSizes.push(commits.length);
        follower.commits.push(...commits);
        follower.#look();
      },
      onCaughtUp: () => {
        follower.caughtUpAt.push(follower.commits.length);
        follower.#look();
      },
      onFailed: (error) => {
        follower.failures.push(error);
        follower.#look();
      },
    });
    return follower;
  }

  /** Resolves when the condition holds. @throws the failure of a subscription that the spec did not expect to fail */
  async until(holds: (follower: Follower) => boolean): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#look = () => {
        const failure = this.failures[0];
        if (holds(this)) resolve();
        else if (failure !== undefined) reject(failure);
      };
      this.#look();
    });
  }

  async close(): Promise<void> {
    await this.#subscription?.close();
  }
}
