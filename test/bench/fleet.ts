import { pollUntil } from '#libs/platform';
import { clusterCounts } from './load.ts';
import type { BenchStack } from './stack.ts';

const FLEET = 'dist/apps/agent/src/fleet-main.js';
const JOIN_SECONDS_MAX = 120;

export interface FleetOptions {
  readonly hosts: number;
  readonly cluster?: string;
  /** Further options of the fleet. */
  readonly flags?: readonly string[];
}

/** Starts simulated hosts in a process of their own; resolves with its id when all have registered. */
export async function startFleet(stack: BenchStack, options: FleetOptions): Promise<number> {
  const { hosts, cluster = 'default', flags = [] } = options;
  const room = ['--cpu', '1000000', '--memory', '10000000'];
  const args = ['--hosts', String(hosts), '--cluster', cluster, '--seed', cluster, ...room, ...flags];
  const { pid } = await stack.startChild(FLEET, args, await stack.natsEnvironment('agents'));
  const nc = await stack.connect('root');
  const haveJoined = async (): Promise<boolean> => (await clusterCounts(nc, cluster)).hosts === hosts;
  await pollUntil(`${hosts} hosts have registered`, JOIN_SECONDS_MAX * 1_000, haveJoined, 100);
  return pid;
}
