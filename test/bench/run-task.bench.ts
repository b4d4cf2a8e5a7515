import http from 'node:http';
import type { RootAccessKey } from '#libs/platform';
import { ecsSigner } from '../integration/support/signed-request.ts';
import { startFleet } from './fleet.ts';
import { alternate, percentile } from './figures.ts';
import type { Figure, Tell } from './figures.ts';
import { call, callers, registerTiny } from './load.ts';
import { appendSerially, openRawStream } from './raw.ts';
import { BenchStack, filler } from './stack.ts';

const HOSTS = 100;
const ROUNDS = 5;
const SECONDS_A_ROUND = 2;
const CALLERS = 64;
/** What one RunTask of one task writes, about: the size of the raw append beside it. */
const COMMIT_BYTES = 2_000;

/** RunTask over HTTP as an SDK sends it: AWS JSON 1.1, each request signed. */
function httpCaller(endpoint: string, key: RootAccessKey, body: string): () => Promise<void> {
  const { hostname, port } = new URL(endpoint);
  const sign = ecsSigner(endpoint, key);
  const agent = new http.Agent({ keepAlive: true, maxSockets: CALLERS });
  return async () => {
    const headers = await sign('RunTask', body);
    await new Promise<void>((resolve, reject) => {
      const outgoing = http.request({ agent, host: hostname, port, method: 'POST', path: '/', headers }, (answer) => {
        answer.resume().on('end', () => {
          if (answer.statusCode === 200) resolve();
          else reject(new Error(`RunTask answered ${answer.statusCode}`));
        });
      });
      outgoing.on('error', reject).end(body);
    });
  };
}

/** Calls a second from this many callers at once. */
async function throughput(callOnce: () => Promise<unknown>): Promise<number> {
  const endAt = performance.now() + SECONDS_A_ROUND * 1_000;
  let calls = 0;
  const startedAt = performance.now();
  await callers(CALLERS, async () => {
    await callOnce();
    calls += 1;
    return performance.now() < endAt;
  });
  return (calls * 1_000) / (performance.now() - startedAt);
}

async function serialP50(callOnce: () => Promise<unknown>): Promise<number> {
  const endAt = performance.now() + SECONDS_A_ROUND * 1_000;
  const took: number[] = [];
  while (performance.now() < endAt) {
    const startedAt = performance.now();
    await callOnce();
    took.push(performance.now() - startedAt);
  }
  return percentile(took, 0.5);
}

export async function benchRunTask(tell: Tell): Promise<readonly Figure[]> {
  const stack = await BenchStack.start();
  try {
    const { endpoint, key } = await stack.startControlPlane();
    await startFleet(stack, HOSTS);
    const nc = await stack.connect('root');
    const rawConnection = await stack.connect('raw');
    await openRawStream(rawConnection);
    const taskDefinition = await registerTiny(nc);
    const runTask = () => call(nc, 'RunTask', { taskDefinition });
    const payload = Buffer.from(filler(COMMIT_BYTES));
    let round = 0;
    const latency = await alternate(
      ROUNDS,
      () => serialP50(runTask),
      async () =>
        percentile(await appendSerially(rawConnection, `append${(round += 1)}`, payload, SECONDS_A_ROUND), 0.5),
      (n, ours, raw) => tell(`round ${n}: RunTask p50 ${ours.toFixed(2)} ms, bare synced append ${raw.toFixed(2)} ms`),
    );
    const runTaskOverHttp = httpCaller(endpoint, key, JSON.stringify({ taskDefinition }));
    const calls = await alternate(
      ROUNDS,
      () => throughput(runTask),
      () => throughput(runTaskOverHttp),
      (n, nats, overHttp) =>
        tell(`round ${n}: ${Math.round(nats)} calls/s over NATS, ${Math.round(overHttp)} over HTTP`),
    );
    return [
      {
        name: 'run-task: p50 of one caller over NATS, answered when durable',
        value: latency.a,
        unit: 'ms',
        better: 'lower',
        goal: 3 * latency.b,
        raw: latency.b,
        ratio: latency.a / latency.b,
      },
      {
        name: `run-task: ${CALLERS} callers over NATS`,
        value: calls.a,
        unit: 'calls/s',
        better: 'higher',
        goal: 2_000,
      },
      {
        name: `run-task: ${CALLERS} callers over HTTP with SigV4`,
        value: calls.b,
        unit: 'calls/s',
        better: 'higher',
        goal: 1_000,
        raw: calls.a,
        ratio: calls.b / calls.a,
      },
    ];
  } finally {
    await stack.stop();
  }
}
