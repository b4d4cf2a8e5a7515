import type { ClusterEvent } from '#libs/ecs/messages';

/** Whether the clock began this round: its own command makes tasks forgotten, and nothing else. */
export function hasTimePassed(events: readonly ClusterEvent[]): boolean {
  return events.every(({ type }) => type === 'TasksForgotten');
}
