import type { DomainEvent, RecordedDecision } from '#libs/kernel';

/** The last commit that changed an instance's free resources. */
export interface ResourceChange {
  readonly shard: string;
  readonly revision: number;
  readonly instanceId: string;
  readonly decision: RecordedDecision<DomainEvent>;
}

/**
 * Container instances whose free resources have changed since the world was last told. Each placement changes one, so
 * they are told together, a last state each, instead of one by one.
 */
export class ResourceChanges {
  #changes = new Map<string, ResourceChange>();

  note(change: ResourceChange): void {
    this.#changes.set(`${change.shard}/${change.instanceId}`, change);
  }

  /** Hands the changes over; from now on they count as told. */
  take(): Iterable<ResourceChange> {
    const changes = this.#changes;
    this.#changes = new Map();
    return changes.values();
  }
}
