import type { Logger } from 'pino';

/**
 * Exit code of a process that found the log damaged (EX_DATAERR of sysexits): no supervisor starts it again, since trying
 * again does not help.
 */
export const LOG_DAMAGED_EXIT_CODE = 65;

/**
 * Ends this process on request, by a signal or because the parent that forked it is gone: first `stop`, if
 * something runs by then. Set up before anything that waits, so that a process that waits can be ended, too.
 */
export function endWhenTold(log: Logger): {
  stops(stop: () => Promise<void>): void;
  fail(error: unknown, what: string, exitCode?: number): void;
} {
  let stop: () => Promise<void> = () => Promise.resolve();
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
  process.on('SIGTERM', () => end('SIGTERM'));
  process.on('SIGINT', () => end('SIGINT'));
  process.on('disconnect', () => end('the parent process is gone'));
  // It may have gone while our modules were still being loaded.
  if (process.connected === false) end('the parent process is gone');
  return {
    stops: (runningStop) => {
      stop = runningStop;
    },
    fail: (error, what, exitCode = 1) => {
      if (isEnding) return;
      log.fatal({ err: error }, what);
      process.exit(exitCode);
    },
  };
}
