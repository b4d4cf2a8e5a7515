import 'reflect-metadata';
import { createLogger, endWhenTold, readSettings } from '#libs/platform';
import { startControlPlane } from './start-control-plane.ts';

const settings = readSettings(process.env);
const log = createLogger('control-plane', settings.logLevel);
const end = endWhenTold(log);

try {
  const running = await startControlPlane(settings, process.env, log);
  end.stops(() => running.stop());
  process.send?.({ type: 'ready', port: running.port });
} catch (error) {
  end.fail(error, 'the control plane did not start');
}
