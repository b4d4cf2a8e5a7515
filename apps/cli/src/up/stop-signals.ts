import { EXIT } from '../shell/exit-codes.ts';
import { deferred } from './deferred.ts';
import type { UpReporter } from './up-report.ts';

const STOP_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/**
 * npx and timeout(1) pass a Ctrl-C on although the terminal has sent it already: signals this close together are one. A
 * later one is a person losing patience.
 */
const SAME_SIGNAL_MS = 1_000;
/** After a second signal we are gone by then, whatever hangs. */
const HARD_STOP_TIMEOUT_MS = 5_000;

/** Resolves at the first signal; a second one kills. */
export function untilSignalled(reporter: UpReporter, kill: () => void): Promise<void> {
  const asked = deferred<void>();
  let lastSignalMs: number | null = null;
  for (const signal of STOP_SIGNALS) {
    process.on(signal, () => {
      const hard = lastSignalMs !== null;
      if (lastSignalMs !== null && performance.now() - lastSignalMs < SAME_SIGNAL_MS) return;
      lastSignalMs = performance.now();
      reporter.report({ type: 'stopping', signal, hard });
      if (hard) {
        kill();
        setTimeout(() => process.exit(EXIT.no), HARD_STOP_TIMEOUT_MS).unref();
      }
      asked.resolve();
    });
  }
  return asked.promise;
}
