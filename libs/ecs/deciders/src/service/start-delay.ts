import type { StartObstacle } from '#libs/ecs/messages';
import type { ServiceState } from '../cluster-state.ts';
import { SECOND_MS } from './service-limits.ts';

/** Tasks that fail one after the other before starts are delayed at all: one accident costs no time. */
export const FAILURES_WITHOUT_DELAY_MAX = 2;

/** The first delay; each further one is twice as long. */
export const START_DELAY_SECONDS_MIN = 1;

/**
 * The longest delays. ECS throttles tasks that never ran up to 27 minutes. Tasks that ran for a
 * moment are replaced "immediately" there, which is its own pace of seconds: the same here, so that a container that
 * exits at once cannot fill the log. Without room, a host that comes or frees room ends the wait sooner.
 */
export const START_DELAY_SECONDS_MAX: Readonly<Record<StartObstacle, number>> = {
  START_FAILED: 27 * 60,
  EXITED_EARLY: 10,
  NO_ROOM: 5 * 60,
};

/** How long the next start of a service must wait (ms). */
export function startDelayOf({ startDelays, roomDelays }: ServiceState, obstacle: StartObstacle): number {
  return startDelayMilliseconds(obstacle, obstacle === 'NO_ROOM' ? roomDelays : startDelays);
}

export function startDelayMilliseconds(obstacle: StartObstacle, delaysBefore: number): number {
  const longest = START_DELAY_SECONDS_MAX[obstacle];
  // Beyond 2^11 seconds every maximum is reached; a larger exponent changes nothing.
  const seconds = START_DELAY_SECONDS_MIN * 2 ** Math.min(delaysBefore, 11);
  return Math.min(seconds, longest) * SECOND_MS;
}

/** Something went wrong and it is not recorded yet until when starts wait: that comes before the next start. */
export function isDelayDue(service: ServiceState): boolean {
  return service.startObstacle !== null && service.startsDelayedUntil === null;
}

/** Whether starts must wait at this moment. */
export function areStartsDelayed(service: ServiceState, at: number): boolean {
  return service.startsDelayedUntil !== null && at < service.startsDelayedUntil;
}

/** Whether the wait ends as soon as there is room. */
export function waitsForRoom(service: ServiceState): boolean {
  return service.startObstacle === 'NO_ROOM' && service.startsDelayedUntil !== null;
}

/**
 * Whether a task that failed makes the next start wait: not the first accidents, and not where starts wait already. But
 * the room that a failed task leaves must not end a wait for room: the next task would fail there at once.
 */
export function delaysStarts(service: ServiceState, consecutiveFailures: number): boolean {
  if (consecutiveFailures <= FAILURES_WITHOUT_DELAY_MAX) return false;
  return service.startsDelayedUntil === null || service.startObstacle === 'NO_ROOM';
}

/** A start ahead of time, because some room has come, leaves the delay of those tasks that are still missing standing. */
export function keepsStartDelay(service: ServiceState, starting: number, at: number): boolean {
  const primary = service.deployments[0];
  const live = primary === undefined ? 0 : primary.pendingCount + primary.runningCount;
  return areStartsDelayed(service, at) && live + starting < service.desiredCount;
}
