import 'reflect-metadata';
import {
  createLogger,
  endWhenTold,
  LOG_DAMAGED_EXIT_CODE,
  processCommand,
  SettingsProblem,
  settingsOf,
} from '#libs/platform';
import { LogDamaged } from './journal/journal-damage.ts';
import { LeaseThread } from './journal/lease/lease-thread.ts';
import { ROLES, rolesOf } from './process/roles.ts';
import type { Role } from './process/roles.ts';
import { startControlPlane } from './start-control-plane.ts';

const OWN_SETTINGS = `
  WAYBILL_PORT        HTTP port of the API (8420; 0 = any free one)
  WAYBILL_ACCOUNT     account id in ARNs (000000000000)

Roles:
  gateway             the API over HTTP and NATS; without it the port serves the health pages only
  writer              runs for the lease; while it has it, writes the log, answers agents, publishes events
  projections         the views of the log and nothing else; the other roles bring them along`;

const command = processCommand('control-plane', 'The API and the writer of the log.', OWN_SETTINGS)
  .option('--roles <list>', 'what this process does, separated by commas', ROLES.join(','))
  .parse();
const settings = settingsOf(command);
const roles = readRoles(command.opts<{ readonly roles: string }>().roles);
const log = createLogger('control-plane', settings.logLevel);
const end = endWhenTold(log);
const fail = (error: unknown, what: string): void =>
  end.fail(error, what, error instanceof LogDamaged ? LOG_DAMAGED_EXIT_CODE : 1);

try {
  const onFatal = (error: Error): void => fail(error, 'the control plane cannot go on');
  const leases = new LeaseThread({ env: process.env, onFailed: onFatal });
  const running = await startControlPlane(settings, process.env, log, { onFatal, leases, roles });
  end.stops(() => running.stop());
  process.send?.({ type: 'ready', port: running.port });
} catch (error) {
  fail(error, 'the control plane did not start');
}

/** One that makes no sense ends the process with one line. */
function readRoles(text: string): ReadonlySet<Role> {
  try {
    return rolesOf(text);
  } catch (error) {
    if (error instanceof SettingsProblem) command.error(error.message);
    throw error;
  }
}
