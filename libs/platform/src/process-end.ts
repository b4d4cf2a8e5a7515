import type { Logger } from 'pino';

/**
 * Exit code of a process that found the log damaged (EX_DATAERR of sysexits): no supervisor starts it again, since trying
 * again does not help.
 */
export const LOG_DAMAGED_EXIT_CODE = 65;

/** What a process does on its way out. */
export interface ProcessEnd {
  /**
   * @param prepare what the first SIGTERM begins instead of the stop, which follows when it has resolved; every further signal
   *   stops at once
   */
  stops(stop: () => Promise<void>, prepare?: (() => Promise<void>) | null): void;
  fail(error: unknown, what: string, exitCode?: number): void;
}

/**
 * Ends this process on request, by a signal or because the parent that forked it is gone: first `stop`, if
 * something runs by then. Set up before anything that waits, so that a process that waits can be ended, too.
 */
export function endWhenTold(log: Logger): ProcessEnd {
  let stop: () => Promise<void> = () => Promise.resolve();
  let prepare: (() => Promise<void>) | null = null;
  let isEnding = false;
  const end = (why: string): void => {
    if (isEnding) return;
    isEnding = true;
    log.info({ why }, 'stopping');
    stop().then(
      () => process.exit(),
      (error: unknown) => {
        log.error({ err: error }, 'the stop was not clean');
        process.exit(1);
      },
    );
  };
  const terminate = (): void => {
    const preparation = prepare?.();
    // The next one finds nothing to prepare.
    prepare = null;
    if (preparation === undefined) return end('SIGTERM');
    preparation.then(
      () => end('SIGTERM, and everything before the end is done'),
      (error: unknown) => {
        log.error({ err: error }, 'what comes before the end failed');
        end('SIGTERM');
      },
    );
  };
  process.on('SIGTERM', terminate);
  process.on('SIGINT', () => end('SIGINT'));
  process.on('disconnect', () => end('the parent process is gone'));
  // It may have gone while our modules were still being loaded.
  if (process.connected === false) end('the parent process is gone');
  return {
    stops: (runningStop, runningPrepare = null) => {
      stop = runningStop;
      prepare = runningPrepare;
    },
    fail: (error, what, exitCode = 1) => {
      if (isEnding) return;
      log.fatal({ err: error }, what);
      process.exit(exitCode);
    },
  };
}
