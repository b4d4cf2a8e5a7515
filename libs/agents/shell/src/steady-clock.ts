import type { Clock } from '#libs/kernel';

/**
 * Milliseconds since the epoch that never jump: the wall clock at the start, and from then on the monotonic one. A clock
 * that is set back would stop an agent's timers, one that is set forward would cut every stopTimeout short.
 */
export function steadyClock(clock: Pick<Clock, 'wall' | 'monotonic'>): () => number {
  const startedAt = clock.wall() - clock.monotonic();
  return () => Math.floor(startedAt + clock.monotonic());
}
