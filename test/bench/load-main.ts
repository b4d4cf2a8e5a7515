import http from 'node:http';
import { connectNats } from '#libs/platform';
import type { NatsCredentials, RootAccessKey } from '#libs/platform';
import { ecsSigner } from '../integration/support/signed-request.ts';
import { call, callers } from './load.ts';

/** What a load generator is asked for: RunTask by this many callers at once, for so long. */
export interface LoadOrder {
  readonly over: 'nats' | 'http';
  readonly callers: number;
  readonly seconds: number;
  readonly taskDefinition: string;
}

/** Where the load goes, in the environment variable WAYBILL_BENCH_TARGET. */
export interface LoadTarget {
  readonly natsUrl: string;
  readonly nats: NatsCredentials;
  readonly endpoint: string;
  readonly key: RootAccessKey;
}

export interface LoadResult {
  readonly calls: number;
  readonly callsPerSecond: number;
  /** CPU of this process per call. */
  readonly cpuMsPerCall: number;
}

const SOCKETS_MAX = 256;
const MICROSECONDS_PER_MS = 1_000;

/* A load generator in a process of its own, so that its work is not counted, nor waited for, as that of the product. */

const { natsUrl, nats, endpoint, key } = JSON.parse(process.env['WAYBILL_BENCH_TARGET'] ?? '') as LoadTarget;
const nc = await connectNats({ name: 'bench-load', url: natsUrl, ...nats });
const agent = new http.Agent({ keepAlive: true, maxSockets: SOCKETS_MAX });
const sign = ecsSigner(endpoint, key);
const { hostname, port } = new URL(endpoint);

/** RunTask as an SDK sends it: AWS JSON 1.1, each request signed. */
async function runTaskOverHttp(body: string): Promise<void> {
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
}

async function run({ over, callers: count, seconds, taskDefinition }: LoadOrder): Promise<LoadResult> {
  const body = JSON.stringify({ taskDefinition });
  const callOnce = over === 'http' ? () => runTaskOverHttp(body) : () => call(nc, 'RunTask', { taskDefinition });
  const cpuBefore = process.cpuUsage();
  const startedAt = performance.now();
  const endAt = startedAt + seconds * 1_000;
  let calls = 0;
  await callers(count, async () => {
    await callOnce();
    calls += 1;
    return performance.now() < endAt;
  });
  const { user, system } = process.cpuUsage(cpuBefore);
  const took = performance.now() - startedAt;
  return { calls, callsPerSecond: (calls * 1_000) / took, cpuMsPerCall: (user + system) / MICROSECONDS_PER_MS / calls };
}

process.on('message', (order: LoadOrder) => {
  run(order).then(
    (result) => process.send?.(result),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
});
process.send?.({ type: 'ready', port: 0 });
