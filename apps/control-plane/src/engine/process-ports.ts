import type { Clock, Notes } from '#libs/engine';
import type { Logger } from 'pino';

/** The time of this process. */
export const processClock: Clock = {
  wall: () => Date.now(),
  monotonic: () => performance.now(),
  after: (delayMs, act) => {
    const timer = setTimeout(act, delayMs);
    return () => clearTimeout(timer);
  },
  soon: (act) => void setImmediate(act),
};

/** Notes as lines of the log. */
export function logNotes(log: Logger): Notes {
  return { note: (level, facts, text) => log[level](facts, text) };
}
