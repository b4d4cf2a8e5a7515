import { type Command, InvalidArgumentError } from 'commander';
import type { DelayMs } from '#libs/container-runtime';
import { processCommand } from '#libs/platform';

/** The options of a fleet of simulated hosts. */
export interface FleetFlags {
  readonly hosts: number;
  readonly cluster: string;
  readonly seed: string;
  readonly cpu: number;
  readonly memory: number;
  readonly zones?: readonly string[];
  readonly starts: number;
  readonly pullMs?: DelayMs;
  readonly createMs?: DelayMs;
  readonly startMs?: DelayMs;
  readonly stopMs?: DelayMs;
  readonly startFailures: number;
}

const ABOUT =
  'Simulated hosts for load tests: the real agents of a cluster, over one NATS connection, on hosts without containers. ' +
  'The NATS user must be one that may speak for every instance of the cluster. Notifies its parent when all have joined.';

export function fleetCommand(env: NodeJS.ProcessEnv): Command {
  return processCommand('fleet', ABOUT)
    .option('--hosts <count>', 'how many', count, 1_000)
    .option('--cluster <name>', 'cluster that they join', env['WAYBILL_CLUSTER'] || 'default')
    .option('--seed <text>', 'names the hosts: the same seed, the same container instances', 'fleet')
    .option('--cpu <units>', 'CPU units of each', count, 4_096)
    .option('--memory <MiB>', 'memory of each', count, 16_384)
    .option('--zones <names>', 'availability zones, separated by commas (three of the region)', (text) =>
      text.split(','),
    )
    .option('--starts <count>', 'containers that a host creates and starts at once', count, 64)
    .option('--pull-ms <from-to>', 'how long a pull takes, such as 20-60', delay)
    .option('--create-ms <from-to>', 'how long a creation takes', delay)
    .option('--start-ms <from-to>', 'how long a start takes', delay)
    .option('--stop-ms <from-to>', 'how long a stop takes', delay)
    .option('--start-failures <share>', 'share of starts that fail, 0 to 1', share, 0);
}

function count(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value <= 0) throw new InvalidArgumentError('It must be a whole number from 1.');
  return value;
}

function delay(text: string): DelayMs {
  const [, from, to] = /^(\d+)-(\d+)$/.exec(text) ?? [];
  if (from === undefined) throw new InvalidArgumentError('It must look like 20-60.');
  return [Number(from), Number(to)];
}

function share(text: string): number {
  const value = Number(text);
  if (text === '' || !(value >= 0 && value <= 1)) throw new InvalidArgumentError('It must be a number from 0 to 1.');
  return value;
}
