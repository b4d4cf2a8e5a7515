/** What every event carries. `v` is the schema version of this event type; old versions are upcast on read. */
export interface DomainEvent {
  readonly type: string;
  readonly v: number;
  /** The saga that reacted, when the event did not follow from the command itself. */
  readonly by?: string;
}

/** An event as an older version recorded it: what its members are, only the upcaster of that version knows. */
export interface OlderEvent extends DomainEvent {
  readonly [member: string]: unknown;
}

/** Gives an event the shape that the next version of its type has. `v` is set afterwards. */
export type Upcaster = (event: OlderEvent) => OlderEvent;

/** What this code knows of one event type. */
export interface EventVersions<V extends number = number> {
  /** The version that is written, and that every fold is given. */
  readonly v: V;
  /** What brings older ones here, step by step: the first reads version 1. As many as there are older versions. */
  readonly upcasters?: readonly Upcaster[];
}

/** The `v` of the events of this type. */
type VersionOf<Event extends DomainEvent, Type> = Event extends DomainEvent
  ? Type extends Event['type']
    ? Event['v']
    : never
  : never;

/** Every event type of a kind of shard: complete when compiled. */
export type EventCatalogue<Event extends DomainEvent> = {
  readonly [Type in Event['type']]: EventVersions<VersionOf<Event, Type>>;
};
