const RESTART_DELAY_MS_MIN = 100;
const RESTART_DELAY_MS_MAX = 5_000;
/** A process that ran this long was well; its next end is a new trouble, not the old one again. */
export const RAN_WELL_MS = 10_000;

/**
 * How long to wait before the next life of a process that ended by itself.
 * @param lastDelayMs the wait before the life that just ended, 0 for the first one
 * @param lifeMs how long it lived
 */
export function restartDelayMs(lastDelayMs: number, lifeMs: number): number {
  if (lastDelayMs === 0 || lifeMs >= RAN_WELL_MS) return RESTART_DELAY_MS_MIN;
  return Math.min(lastDelayMs * 2, RESTART_DELAY_MS_MAX);
}
