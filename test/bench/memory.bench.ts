import { startFleet } from './fleet.ts';
import { median } from './figures.ts';
import type { Figure, Tell } from './figures.ts';
import { pollUntil } from '#libs/platform';
import { call, callers, clusterCounts, registerTiny } from './load.ts';
import { residentMebibytes } from './process-usage.ts';
import { BenchStack } from './stack.ts';

const HOSTS = 100;
const TASKS = 10_000;
/** RunTask takes at most ten tasks per call. */
const TASKS_PER_CALL = 10;
const CALLERS = 16;
const SECONDS_MAX = 120;
/** After the last task runs: until what a burst needed has been given back, and heartbeats alone are served. */
const REST_SECONDS = 10;
const SAMPLES = 5;
const GOAL_MEBIBYTES = 250;

/** Resident memory of the control plane and of nats-server while 10,000 tasks run. */
export async function benchMemory(tell: Tell): Promise<readonly Figure[]> {
  const stack = await BenchStack.start();
  try {
    const { pid } = await stack.startControlPlane();
    await startFleet(stack, { hosts: HOSTS });
    const nc = await stack.connect('root');
    const taskDefinition = await registerTiny(nc);
    const atRest = [await residentMebibytes(pid), await residentMebibytes(stack.natsServerPid)] as const;
    tell(`before the first task: control plane ${atRest[0].toFixed(0)} MiB, nats-server ${atRest[1].toFixed(0)} MiB`);
    let asked = 0;
    await callers(CALLERS, async () => {
      if (asked >= TASKS) return false;
      asked += TASKS_PER_CALL;
      await call(nc, 'RunTask', { taskDefinition, count: TASKS_PER_CALL });
      return true;
    });
    const isRunning = async (): Promise<boolean> => (await clusterCounts(nc)).running === TASKS;
    await pollUntil('every task is RUNNING', SECONDS_MAX * 1_000, isRunning, 100);
    tell(`${TASKS} tasks are running on ${HOSTS} hosts`);
    const samples: { controlPlane: number; natsServer: number }[] = [];
    for (let i = 0; i < SAMPLES; i++) {
      await new Promise((resolve) => setTimeout(resolve, (REST_SECONDS * 1_000) / SAMPLES));
      samples.push({
        controlPlane: await residentMebibytes(pid),
        natsServer: await residentMebibytes(stack.natsServerPid),
      });
    }
    const controlPlane = median(samples.map((sample) => sample.controlPlane));
    const natsServer = median(samples.map((sample) => sample.natsServer));
    const figure = (name: string, value: number): Figure => ({ name, value, unit: 'MiB', better: 'lower' });
    return [
      figure(`memory: control plane at ${TASKS} running tasks`, controlPlane),
      figure(`memory: nats-server at ${TASKS} running tasks`, natsServer),
      { ...figure('memory: both together', controlPlane + natsServer), goal: GOAL_MEBIBYTES },
    ];
  } finally {
    await stack.stop();
  }
}
