import type { NatsConnection } from '@nats-io/transport-node';
import { startFleet } from './fleet.ts';
import { alternate, median, percentile } from './figures.ts';
import type { Figure, Tell } from './figures.ts';
import type { LoadResult } from './load-main.ts';
import { call, registerTiny } from './load.ts';
import { CpuMeter } from './process-usage.ts';
import { appendSerially, openRawStream } from './raw.ts';
import { BenchStack, filler } from './stack.ts';

const HOSTS = 100;
const SECONDS_PER_ROUND = 2;
const CALLERS = 64;
/** What one RunTask of one task writes, about: the size of the raw append beside it. */
const COMMIT_BYTES = 2_000;
/** A cluster whose hosts never get beyond the pull, so that no report comes between two calls. */
const QUIET_CLUSTER = 'quiet';
const AN_HOUR_OF_PULLING = ['--pull-ms', '3600000-3600001'];

async function serialP50(callOnce: () => Promise<unknown>): Promise<number> {
  const endAt = performance.now() + SECONDS_PER_ROUND * 1_000;
  const took: number[] = [];
  while (performance.now() < endAt) {
    const startedAt = performance.now();
    await callOnce();
    took.push(performance.now() - startedAt);
  }
  return percentile(took, 0.5);
}

/** The median time of RunTask by one caller, and of a bare append, in turns. */
class Latency {
  readonly #nc: NatsConnection;
  readonly #raw: NatsConnection;
  readonly #taskDefinition: string;
  readonly #payload = Buffer.from(filler(COMMIT_BYTES));
  #appends = 0;

  constructor(nc: NatsConnection, raw: NatsConnection, taskDefinition: string) {
    this.#nc = nc;
    this.#raw = raw;
    this.#taskDefinition = taskDefinition;
  }

  async measure(cluster: string, goalRatio: number, rounds: number, tell: Tell): Promise<Figure> {
    const input = { cluster, taskDefinition: this.#taskDefinition };
    const { a, b } = await alternate(
      rounds,
      () => serialP50(() => call(this.#nc, 'RunTask', input)),
      async () => percentile(await this.#append(), 0.5),
      (n, ours, raw) =>
        tell(`round ${n}, ${cluster}: RunTask p50 ${ours.toFixed(2)} ms, bare synced append ${raw.toFixed(2)} ms`),
    );
    const hosts = cluster === QUIET_CLUSTER ? 'quiet cluster' : 'with a reporting fleet';
    return {
      name: `run-task: p50 of one caller over NATS, answered when durable, ${hosts}`,
      value: a,
      unit: 'ms',
      better: 'lower',
      goal: goalRatio * b,
      raw: b,
      ratio: a / b,
    };
  }

  #append(): Promise<readonly number[]> {
    return appendSerially(this.#raw, `append${(this.#appends += 1)}`, this.#payload, SECONDS_PER_ROUND);
  }
}

export async function benchRunTask(tell: Tell, rounds: number): Promise<readonly Figure[]> {
  const stack = await BenchStack.start();
  try {
    const controlPlane = await stack.startControlPlane();
    const nc = await stack.connect('root');
    const raw = await stack.connect('raw');
    await openRawStream(raw);
    const taskDefinition = await registerTiny(nc);
    const latency = new Latency(nc, raw, taskDefinition);
    await call(nc, 'CreateCluster', { clusterName: QUIET_CLUSTER });
    await startFleet(stack, { hosts: HOSTS, cluster: QUIET_CLUSTER, flags: AN_HOUR_OF_PULLING });
    const quiet = await latency.measure(QUIET_CLUSTER, 2.5, rounds, tell);
    await startFleet(stack, { hosts: HOSTS });
    const reporting = await latency.measure('default', 4, rounds, tell);

    const load = await stack.startLoadGenerator(controlPlane);
    const results: Record<'nats' | 'http', LoadResult[]> = { nats: [], http: [] };
    const served: Record<'nats' | 'http', number[]> = { nats: [], http: [] };
    const meter = new CpuMeter({ controlPlane: controlPlane.pid });
    const callsOver = async (over: 'nats' | 'http'): Promise<number> => {
      await meter.start();
      const result = await load({ over, callers: CALLERS, seconds: SECONDS_PER_ROUND, taskDefinition });
      const { controlPlane: used = Number.NaN } = await meter.read();
      served[over].push(used / result.calls);
      results[over].push(result);
      return result.callsPerSecond;
    };
    const calls = await alternate(
      rounds,
      () => callsOver('nats'),
      () => callsOver('http'),
      (n, nats, overHttp) =>
        tell(`round ${n}: ${Math.round(nats)} calls/s over NATS, ${Math.round(overHttp)} over HTTP`),
    );
    const cpuFigures = (['nats', 'http'] as const).flatMap((over): readonly Figure[] => {
      const figure = (of: string, perCall: readonly number[]): Figure => ({
        name: `run-task: CPU of the ${of} per call over ${over}`,
        value: median(perCall),
        unit: 'ms',
        better: 'lower',
      });
      const generator = results[over].map(({ cpuMsPerCall }) => cpuMsPerCall);
      return [figure('control plane', served[over]), figure('load generator, a process of its own,', generator)];
    });
    return [
      quiet,
      reporting,
      {
        name: `run-task: ${CALLERS} callers over NATS`,
        value: calls.a,
        unit: 'calls/s',
        better: 'higher',
        goal: 6_000,
      },
      {
        name: `run-task: ${CALLERS} callers over HTTP with SigV4 (raw: over NATS)`,
        value: calls.b,
        unit: 'calls/s',
        better: 'higher',
        goal: Math.max(4_000, 0.6 * calls.a),
        raw: calls.a,
        ratio: calls.b / calls.a,
      },
      ...cpuFigures,
    ];
  } finally {
    await stack.stop();
  }
}
