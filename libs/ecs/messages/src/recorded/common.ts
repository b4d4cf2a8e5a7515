/*
 * What the events of several aggregates consist of. Events own their types: a command, the wire or the agents' protocol may
 * change without a change of what the log keeps. Deciders translate.
 */

export interface RecordedTag {
  readonly key: string;
  readonly value?: string;
}

/** An ECS attribute: of a container instance, or required by a task definition. */
export interface RecordedAttribute {
  readonly name: string;
  readonly value?: string;
}

export interface RecordedPlacementConstraint {
  readonly type?: 'distinctInstance' | 'memberOf';
  readonly expression?: string;
}

export interface RecordedPlacementStrategy {
  readonly type?: 'binpack' | 'random' | 'spread';
  readonly field?: string;
}
