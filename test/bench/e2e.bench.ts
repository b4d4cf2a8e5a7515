import { openJournal } from '#libs/event-store-jetstream';
import { decodeCommit } from '#libs/kernel';
import { startFleet } from './fleet.ts';
import { median } from './figures.ts';
import type { Figure, Tell } from './figures.ts';
import { pollUntil } from '#libs/platform';
import { call, callers, clusterCounts, registerTiny } from './load.ts';
import { appendSerially, openRawStream } from './raw.ts';
import { CpuMeter } from './process-usage.ts';
import { BenchStack, filler } from './stack.ts';

const HOSTS = 1_000;
const CALLERS = 64;
/** RunTask takes at most ten tasks per call. */
const TASKS_PER_CALL = 10;
const TASKS_PER_ROUND = 20_000;
const ROUND_SECONDS_MAX = 120;
const POLL_MS = 20;
const EVENTS_PER_RAW_COMMIT = 256;
const EVENT_BYTES = 300;
const RAW_SECONDS_PER_ROUND = 2;
const GOAL_TASKS_PER_SECOND = 12_000;

export async function benchE2e(tell: Tell, rounds: number): Promise<readonly Figure[]> {
  const stack = await BenchStack.start();
  try {
    const { pid } = await stack.startControlPlane();
    const fleet = await startFleet(stack, { hosts: HOSTS });
    const meter = new CpuMeter({
      'control plane': pid,
      'nats-server': stack.natsServerPid,
      fleet,
      'load generator': process.pid,
    });
    tell(`${HOSTS} simulated hosts have registered`);
    const nc = await stack.connect('root');
    const rawConnection = await stack.connect('raw');
    await openRawStream(rawConnection);
    const store = await openJournal(rawConnection);
    const taskDefinition = await registerTiny(nc);
    const payload = Buffer.from(filler(EVENTS_PER_RAW_COMMIT * EVENT_BYTES));
    const rates: number[] = [];
    const cpu: Readonly<Record<string, number>>[] = [];
    const rawEventRates: number[] = [];
    for (let round = 1; round <= rounds; round++) {
      await meter.start();
      const rate = await runTasks(nc, taskDefinition);
      cpu.push(await meter.read());
      rates.push(rate);
      const took = await appendSerially(rawConnection, `e2e${round}`, payload, RAW_SECONDS_PER_ROUND);
      rawEventRates.push((took.length * EVENTS_PER_RAW_COMMIT) / RAW_SECONDS_PER_ROUND);
      tell(`round ${round}: ${Math.round(rate)} tasks/s from RunTask to RUNNING`);
    }
    const perTask = await eventsPerTask(store, rounds);
    const raw = median(rawEventRates) / perTask;
    const value = median(rates);
    tell(
      `${perTask.toFixed(2)} events per task; spread ${Math.round(Math.min(...rates))}–${Math.round(Math.max(...rates))} tasks/s`,
    );
    return [
      {
        name: `e2e: RunTask to RUNNING, durable, ${HOSTS} simulated hosts (raw: a bare publisher of as many events)`,
        value,
        unit: 'tasks/s',
        better: 'higher',
        goal: GOAL_TASKS_PER_SECOND,
        raw,
        ratio: value / raw,
      },
      ...Object.keys(cpu[0] ?? {}).map((name): Figure => ({
        name: `e2e: CPU of the ${name} per task`,
        value: median(cpu.map((used) => used[name] ?? Number.NaN)) / TASKS_PER_ROUND,
        unit: 'ms',
        better: 'lower',
      })),
    ];
  } finally {
    await stack.stop();
  }
}

/** Asks for a round's tasks as fast as answers come; returns tasks per second until the last one is RUNNING, durably. */
async function runTasks(nc: Parameters<typeof call>[0], taskDefinition: string): Promise<number> {
  const before = (await clusterCounts(nc)).running;
  const startedAt = performance.now();
  let asked = 0;
  await callers(CALLERS, async () => {
    if (asked >= TASKS_PER_ROUND) return false;
    asked += TASKS_PER_CALL;
    const { failures } = await call<{ failures: unknown[] }>(nc, 'RunTask', { taskDefinition, count: TASKS_PER_CALL });
    if (failures.length > 0) throw new Error(`RunTask failed: ${JSON.stringify(failures[0])}`);
    return true;
  });
  const isRunning = async (): Promise<boolean> => (await clusterCounts(nc)).running - before >= TASKS_PER_ROUND;
  await pollUntil('every task is RUNNING', ROUND_SECONDS_MAX * 1_000, isRunning, POLL_MS);
  return (TASKS_PER_ROUND * 1_000) / (performance.now() - startedAt);
}

async function eventsPerTask(store: Awaited<ReturnType<typeof openJournal>>, rounds: number): Promise<number> {
  let events = 0;
  for await (const batch of store.read(null, 0)) {
    for (const { text } of batch) {
      for (const decision of decodeCommit(text).decisions) {
        if (decision.command === 'RunTask' || decision.command === 'ReportTaskStates') events += decision.events.length;
      }
    }
  }
  return events / (rounds * TASKS_PER_ROUND);
}
