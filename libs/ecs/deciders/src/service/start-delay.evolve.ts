import type { ServiceStartsDelayed } from '#libs/ecs/messages';
import type { ServiceState } from '../cluster-state.ts';

/** Starts wait from now on. */
export function countDelay(service: ServiceState, { cause, until }: ServiceStartsDelayed): void {
  service.startsDelayedUntil = until;
  service.startObstacle = cause;
  if (cause === 'NO_ROOM') service.roomDelays += 1;
  else service.startDelays += 1;
}

/** A task proved healthy: the next failure is a first one. */
export function forgetFailures(service: ServiceState): void {
  service.consecutiveFailures = 0;
  service.startDelays = 0;
  service.roomDelays = 0;
}

/** A new deployment, or a steady state: starts wait for nothing any more (S19). */
export function forgetDelays(service: ServiceState): void {
  forgetFailures(service);
  service.startsDelayedUntil = null;
  service.startObstacle = null;
}
