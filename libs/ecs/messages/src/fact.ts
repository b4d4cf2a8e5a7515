import type { DomainEvent } from '#libs/kernel';

/**
 * What every event of this context has. Events are permanent: a shape is never changed, a new version (`v`) and an upcaster
 * are added. Times are those of the decision that recorded them. Unknown members must be tolerated.
 */
export interface Fact<Type extends string> extends DomainEvent {
  readonly type: Type;
  readonly v: 1;
}
