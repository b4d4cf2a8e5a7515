import { clusterCounts, until } from './load.ts';
import type { BenchStack } from './stack.ts';

const FLEET = 'dist/apps/agent/src/fleet-main.js';
const JOIN_SECONDS_MAX = 120;

/** Starts simulated hosts in a process of their own; resolves when all have registered. */
export async function startFleet(stack: BenchStack, hosts: number): Promise<void> {
  const env = await stack.natsEnvironment('agents');
  await stack.startChild(
    FLEET,
    ['--hosts', String(hosts), '--seed', 'bench', '--cpu', '1000000', '--memory', '10000000'],
    env,
  );
  const nc = await stack.connect('root');
  await until(
    `${hosts} hosts have registered`,
    100,
    JOIN_SECONDS_MAX,
    async () => (await clusterCounts(nc)).hosts === hosts,
  );
}
