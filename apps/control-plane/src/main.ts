import 'reflect-metadata';
import { createLogger, readSettings } from '#libs/platform';
import { startControlPlane } from './start-control-plane.ts';

const settings = readSettings(process.env);
const log = createLogger('control-plane', settings.logLevel);

const running = await startControlPlane(settings, process.env, log).catch((error: unknown) => {
  log.fatal({ err: error }, 'the control plane did not start');
  process.exit(1);
});

let stopping = false;
function stop(why: string): void {
  if (stopping) return;
  stopping = true;
  log.info({ why }, 'stopping');
  running.stop().then(
    () => process.exit(process.exitCode ?? 0),
    (error: unknown) => {
      log.error({ err: error }, 'the stop was not clean');
      process.exit(1);
    },
  );
}
process.on('SIGTERM', () => stop('SIGTERM'));
process.on('SIGINT', () => stop('SIGINT'));
// Forked by `waybill up`: without the parent there is nobody to serve.
process.on('disconnect', () => stop('the parent process is gone'));
process.send?.({ type: 'ready', port: running.port });
