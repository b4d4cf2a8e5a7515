import { setTimeout as pause } from 'node:timers/promises';

const POLL_INTERVAL_MS = 25;
const REQUEST_TIMEOUT_MS = 5_000;

/** Waits until the API says that it is ready: views caught up, a writer in place. @throws the signal's reason */
export async function untilReady(endpoint: string, signal: AbortSignal): Promise<void> {
  while (!(await isReady(endpoint))) {
    signal.throwIfAborted();
    await pause(POLL_INTERVAL_MS);
  }
}

async function isReady(endpoint: string): Promise<boolean> {
  try {
    return (await fetch(`${endpoint}/readyz`, { signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS) })).ok;
  } catch {
    // Not there: it is starting, or being started again.
    return false;
  }
}
