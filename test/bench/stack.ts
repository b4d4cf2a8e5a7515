import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { NatsConnection } from '@nats-io/transport-node';
import {
  agentUser,
  connectNats,
  controlPlaneNatsEnv,
  controlPlaneUser,
  credentialsOf,
  findNatsServer,
  followerUser,
  gatewayUser,
  readNatsCredentials,
  readRootAccessKey,
  rootUser,
  SERVER_NODE_ARGUMENTS,
  pollUntil,
  startNatsServer,
} from '#libs/platform';
import type { LoadOrder, LoadResult, LoadTarget } from './load-main.ts';
import type { NatsCredentials, NatsUser, RootAccessKey, SupervisedNatsServer } from '#libs/platform';

const CONTROL_PLANE = 'dist/apps/control-plane/src/main.js';
const LOAD_GENERATOR = 'dist/test/bench/load-main.js';
const READY_SECONDS_MAX = 60;

/** Publishes beside the product, in the account of the journal, for the raw limit of the same server. */
const RAW_USER: NatsUser = {
  name: 'raw',
  account: 'WAYBILL',
  inboxPrefix: '_INBOX_raw',
  permissions: { publish: { allow: ['>'], deny: [] }, subscribe: { allow: ['>'], deny: [] } },
};

/** A program that this benchmark runs. */
export interface Child {
  readonly child: ChildProcess;
  readonly pid: number;
  /** As its `ready` message says it. */
  readonly port: number;
}

export interface RunningControlPlane {
  readonly endpoint: string;
  readonly key: RootAccessKey;
  readonly pid: number;
}

/** A nats-server with synced writes in a temporary folder, and whatever a benchmark puts on it. */
export class BenchStack {
  readonly home: string;
  readonly #server: SupervisedNatsServer;
  readonly #children: ChildProcess[] = [];
  readonly #connections: NatsConnection[] = [];

  private constructor(home: string, server: SupervisedNatsServer) {
    this.home = home;
    this.#server = server;
  }

  static async start(): Promise<BenchStack> {
    const home = await mkdtemp(path.join(tmpdir(), 'waybill-bench-'));
    const { path: binary } = await findNatsServer(process.env);
    const server = await startNatsServer({
      binary,
      home,
      users: [controlPlaneUser(), gatewayUser(), rootUser(), followerUser(), agentUser('*', '*', 'agents'), RAW_USER],
      port: 0,
      monitorPort: 0,
    });
    return new BenchStack(home, server);
  }

  async credentials(user: string): Promise<NatsCredentials> {
    const all = await readNatsCredentials(this.home);
    if (all === null) throw new Error(`${this.home} has no NATS credentials`);
    return credentialsOf(all, user);
  }

  async connect(user: string): Promise<NatsConnection> {
    const { password, inboxPrefix } = await this.credentials(user);
    const nc = await connectNats({ name: `bench-${user}`, url: this.#server.url, user, password, inboxPrefix });
    this.#connections.push(nc);
    return nc;
  }

  get natsServerPid(): number {
    return this.#server.pid ?? Number.NaN;
  }

  /** Starts the control plane as its own process; resolves when it takes commands. */
  async startControlPlane(): Promise<RunningControlPlane> {
    const ready = await this.startChild(CONTROL_PLANE, [], controlPlaneNatsEnv(this.#server));
    const endpoint = `http://127.0.0.1:${ready.port}`;
    const isReady = async (): Promise<boolean> => (await fetch(`${endpoint}/readyz`)).status === 200;
    await pollUntil('the control plane is ready', READY_SECONDS_MAX * 1_000, isReady, 50);
    return { endpoint, key: await readRootAccessKey(this.home), pid: ready.pid };
  }

  /** Starts a process that sends RunTask, over NATS or over HTTP, as it is asked to. */
  async startLoadGenerator({ endpoint, key }: RunningControlPlane): Promise<(order: LoadOrder) => Promise<LoadResult>> {
    const target: LoadTarget = { natsUrl: this.#server.url, nats: await this.credentials('root'), endpoint, key };
    const { child } = await this.startChild(LOAD_GENERATOR, [], { WAYBILL_BENCH_TARGET: JSON.stringify(target) });
    return async (order) => {
      const result = once(child, 'message');
      child.send(order);
      return ((await result) as [LoadResult])[0];
    };
  }

  async natsEnvironment(user: string): Promise<NodeJS.ProcessEnv> {
    const { password } = await this.credentials(user);
    return {
      NATS_URL: this.#server.url,
      NATS_USER: user,
      NATS_PASSWORD: password,
      NATS_MONITOR_URL: this.#server.monitorUrl,
    };
  }

  /** Forks a program; resolves with its `ready` message. */
  async startChild(
    program: string,
    args: readonly string[],
    env: NodeJS.ProcessEnv,
    nodeArguments: readonly string[] = SERVER_NODE_ARGUMENTS,
  ): Promise<Child> {
    const child = fork(program, args, {
      env: { ...process.env, ...env, WAYBILL_HOME: this.home, WAYBILL_PORT: '0', WAYBILL_LOG_LEVEL: 'warn' },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      execArgv: [...nodeArguments],
    });
    this.#children.push(child);
    const ready = once(child, 'message', { signal: AbortSignal.timeout(READY_SECONDS_MAX * 1_000) });
    const gone = once(child, 'exit').then(([code]) => {
      throw new Error(`${program} ended with code ${String(code)} before it was ready`);
    });
    const [{ port }] = (await Promise.race([ready, gone])) as [{ type: string; port: number }];
    gone.catch(() => undefined);
    return { child, port, pid: child.pid ?? Number.NaN };
  }

  async stop(): Promise<void> {
    for (const nc of this.#connections) await nc.close();
    for (const child of this.#children.toReversed()) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      const exit = once(child, 'exit');
      child.kill('SIGTERM');
      await exit;
    }
    await this.#server.stop();
    await rm(this.home, { recursive: true, force: true });
  }
}

/** Incompressible text of this many characters. */
export function filler(characters: number): string {
  return randomBytes(Math.ceil(characters / 2))
    .toString('hex')
    .slice(0, characters);
}
