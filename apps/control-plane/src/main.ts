import 'reflect-metadata';
import { createLogger, endWhenTold, LOG_DAMAGED_EXIT_CODE, processCommand, settingsOf } from '#libs/platform';
import { LogDamaged } from './health/journal-damage.ts';
import { LeaseThread } from './lease/lease-thread.ts';
import { startControlPlane } from './start-control-plane.ts';

const OWN_SETTINGS = `
  WAYBILL_PORT        HTTP port of the API (8420; 0 = any free one)
  WAYBILL_ACCOUNT     account id in ARNs (000000000000)`;

const command = processCommand('control-plane', 'The API and the writer of the log.', OWN_SETTINGS).parse();
const settings = settingsOf(command);
const log = createLogger('control-plane', settings.logLevel);
const end = endWhenTold(log);
const fail = (error: unknown, what: string): void =>
  end.fail(error, what, error instanceof LogDamaged ? LOG_DAMAGED_EXIT_CODE : 1);

try {
  const cannotGoOn = (error: Error): void => fail(error, 'the control plane cannot go on');
  const leases = new LeaseThread({ env: process.env, onFailed: cannotGoOn });
  const running = await startControlPlane(settings, process.env, log, cannotGoOn, leases);
  end.stops(() => running.stop());
  process.send?.({ type: 'ready', port: running.port });
} catch (error) {
  fail(error, 'the control plane did not start');
}
