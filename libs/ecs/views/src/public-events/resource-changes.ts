import type { DomainEvent, RecordedDecision } from '#libs/kernel';

/** The last commit that changed an instance's free resources. */
export interface ResourceChange {
  readonly shard: string;
  readonly revision: number;
  readonly instanceId: string;
  readonly decision: RecordedDecision<DomainEvent>;
}

/**
 * Container instances whose free resources have changed since they were last taken. Each placement changes one, so
 * they are reported together, each with its last state, instead of one by one.
 */
export class ResourceChanges {
  #changes = new Map<string, ResourceChange>();

  note(change: ResourceChange): void {
    this.#changes.set(`${change.shard}/${change.instanceId}`, change);
  }

  /** Hands the changes over and forgets them. */
  take(): Iterable<ResourceChange> {
    const changes = this.#changes;
    this.#changes = new Map();
    return changes.values();
  }
}
