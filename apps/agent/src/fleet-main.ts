import { parseArgs } from 'node:util';
import type { DelayMs } from '#libs/container-runtime';
import {
  connectNats,
  createLogger,
  endWhenTold,
  natsOptionsFromEnv,
  productVersion,
  readSettings,
} from '#libs/platform';
import { SimulatedFleet } from './fleet/simulated-fleet.ts';

/*
 * A fleet of simulated hosts for load tests: NATS_URL and the credentials of a user that may speak for every instance of the
 * cluster (agentUser(cluster, '*')), and
 *   --hosts 1000 --cluster default --seed s --cpu 4096 --memory 16384 --zones us-east-1a,us-east-1b
 *   --starts 64 --create-ms 20-60 --start-ms 50-200 --pull-ms 0-0 --stop-ms 10-50 --start-failures 0.01
 * Says `ready` to its parent when every host has joined.
 */

const { values } = parseArgs({
  options: {
    hosts: { type: 'string', default: '1000' },
    cluster: { type: 'string', default: process.env['WAYBILL_CLUSTER'] ?? 'default' },
    seed: { type: 'string', default: 'fleet' },
    cpu: { type: 'string', default: '4096' },
    memory: { type: 'string', default: '16384' },
    zones: { type: 'string' },
    starts: { type: 'string', default: '64' },
    'pull-ms': { type: 'string' },
    'create-ms': { type: 'string' },
    'start-ms': { type: 'string' },
    'stop-ms': { type: 'string' },
    'start-failures': { type: 'string', default: '0' },
  },
});

function integer(name: 'hosts' | 'cpu' | 'memory' | 'starts'): number {
  const value = Number(values[name]);
  if (!Number.isInteger(value) || value <= 0) throw new Error(`--${name} must be a positive integer`);
  return value;
}

function delay(name: 'pull' | 'create' | 'start' | 'stop'): Record<string, DelayMs> {
  const text = values[`${name}-ms`];
  if (text === undefined) return {};
  const match = /^(\d+)-(\d+)$/.exec(text);
  if (match === null) throw new Error(`--${name}-ms must look like 20-60`);
  return { [name]: [Number(match[1]), Number(match[2])] };
}

const settings = readSettings(process.env);
const log = createLogger('fleet', settings.logLevel);
const end = endWhenTold(log);
const nats = natsOptionsFromEnv(process.env);
const nc = await connectNats({ ...nats, name: 'waybill-fleet', waitForServer: true });
const fleet = new SimulatedFleet({
  nc,
  cluster: values.cluster,
  hosts: integer('hosts'),
  seed: values.seed,
  cpu: integer('cpu'),
  memory: integer('memory'),
  availabilityZones: (values.zones ?? `${settings.region}a,${settings.region}b,${settings.region}c`).split(','),
  startsInFlightMax: integer('starts'),
  delays: { ...delay('pull'), ...delay('create'), ...delay('start'), ...delay('stop') },
  failures: { start: Number(values['start-failures']) },
  agentVersion: productVersion(),
  log,
});

end.stops(() => {
  fleet.stop();
  return nc.close();
});

await fleet.allJoined;
log.info({ hosts: integer('hosts') }, 'every host has joined');
process.send?.({ type: 'ready', hosts: integer('hosts') });
