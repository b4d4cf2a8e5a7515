import type { Opaque } from '#libs/contracts';
import type { WireDraft } from '../output/wire.ts';

/** Members of tasks and container instances that are moments: epoch seconds on the wire, ISO 8601 in events. */
const MOMENTS: ReadonlySet<string> = new Set([
  'createdAt',
  'connectivityAt',
  'pullStartedAt',
  'pullStoppedAt',
  'startedAt',
  'stoppingAt',
  'executionStoppedAt',
  'stoppedAt',
  'registeredAt',
]);

export function isoText(ms: number): string {
  return new Date(ms).toISOString();
}

/**
 * The `detail` of a state change as JSON: the entity as its Describe* shows it, with ISO moments, without tags, and with the
 * time of the change (ecs-behaviour §22).
 */
export function entityDetailText(wire: Opaque, updatedAt: number, extra?: Opaque): string {
  const detail: WireDraft = { ...extra };
  for (const [member, value] of Object.entries(wire)) {
    if (member === 'tags') continue;
    detail[member] = typeof value === 'number' && MOMENTS.has(member) ? isoText(Math.round(value * 1000)) : value;
  }
  detail['updatedAt'] = isoText(updatedAt);
  return JSON.stringify(detail);
}
