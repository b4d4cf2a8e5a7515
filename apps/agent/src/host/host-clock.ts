/**
 * Milliseconds since the epoch that never jump: the wall clock at the start, and from then on the monotonic one. A clock
 * that is set back would stop an agent's timers, one that is set forward would cut every stopTimeout short.
 */
export function steadyClock(
  wallNow: () => number = Date.now,
  monotonicNow: () => number = () => performance.now(),
): () => number {
  const startedAt = wallNow() - monotonicNow();
  return () => Math.floor(startedAt + monotonicNow());
}
