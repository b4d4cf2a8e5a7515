import 'reflect-metadata';
import { DockerRuntime } from '#libs/container-runtime-docker';
import { createLogger, readSettings } from '#libs/platform';
import { startAgent } from './start-agent.ts';

const settings = readSettings(process.env);
const log = createLogger('agent', settings.logLevel);

const running = await startAgent({
  settings,
  env: process.env,
  makeRuntime: (instanceId) => new DockerRuntime({ instanceId }),
  log,
  onServing: (instanceId) => {
    log.info({ instanceId }, 'the control plane has accepted this agent');
    process.send?.({ type: 'ready', ready: true, instanceId });
  },
}).catch((error: unknown) => {
  log.fatal({ err: error }, 'the agent did not start');
  process.exit(1);
});

let stopping = false;
function stop(why: string): void {
  if (stopping) return;
  stopping = true;
  log.info({ why }, 'stopping; containers run on');
  running.stop().then(
    () => process.exit(0),
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
