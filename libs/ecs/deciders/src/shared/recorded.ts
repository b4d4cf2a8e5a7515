import type {
  PlacementConstraint,
  PlacementStrategy,
  RecordedPlacementConstraint,
  RecordedPlacementStrategy,
  RecordedTag,
  Tag,
} from '#libs/ecs/messages';

/* From what a request consists of to what events consist of, member by member. */

export function recordedTag({ key, value }: Tag): RecordedTag {
  return value === undefined ? { key } : { key, value };
}

export function recordedConstraint({ type, expression }: PlacementConstraint): RecordedPlacementConstraint {
  return { ...(type !== undefined && { type }), ...(expression !== undefined && { expression }) };
}

export function recordedStrategy({ type, field }: PlacementStrategy): RecordedPlacementStrategy {
  return { ...(type !== undefined && { type }), ...(field !== undefined && { field }) };
}
