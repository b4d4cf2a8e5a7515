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
  gatewayUser,
  readNatsCredentials,
  readRootAccessKey,
  rootUser,
  SERVER_NODE_ARGUMENTS,
  startNatsServer,
} from '#libs/platform';
import type { NatsCredentials, NatsUser, RootAccessKey, SupervisedNatsServer } from '#libs/platform';

const CONTROL_PLANE = 'dist/apps/control-plane/src/main.js';
const READY_SECONDS_MAX = 60;

/** Publishes beside the product, in the account of the journal, for the raw limit of the same server. */
const RAW_USER: NatsUser = {
  name: 'raw',
  account: 'WAYBILL',
  inboxPrefix: '_INBOX_raw',
  permissions: { publish: { allow: ['>'], deny: [] }, subscribe: { allow: ['>'], deny: [] } },
};

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
      users: [controlPlaneUser(), gatewayUser(), rootUser(), agentUser('*', '*', 'agents'), RAW_USER],
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

  /** Starts the control plane as its own process; resolves when it takes commands. */
  async startControlPlane(): Promise<{ readonly endpoint: string; readonly key: RootAccessKey }> {
    const ready = await this.startChild(CONTROL_PLANE, [], controlPlaneNatsEnv(this.#server));
    const endpoint = `http://127.0.0.1:${ready.port}`;
    const deadline = Date.now() + READY_SECONDS_MAX * 1_000;
    while ((await fetch(`${endpoint}/readyz`)).status !== 200) {
      if (Date.now() > deadline) throw new Error(`the control plane is not ready within ${READY_SECONDS_MAX} s`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return { endpoint, key: await readRootAccessKey(this.home) };
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
  ): Promise<{ readonly port: number }> {
    const child = fork(program, args, {
      env: { ...process.env, ...env, WAYBILL_HOME: this.home, WAYBILL_PORT: '0', WAYBILL_LOG_LEVEL: 'warn' },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      execArgv: [...SERVER_NODE_ARGUMENTS],
    });
    this.#children.push(child);
    const ready = once(child, 'message', { signal: AbortSignal.timeout(READY_SECONDS_MAX * 1_000) });
    const gone = once(child, 'exit').then(([code]) => {
      throw new Error(`${program} ended with code ${String(code)} before it was ready`);
    });
    const [message] = (await Promise.race([ready, gone])) as [{ type: string; port: number }];
    gone.catch(() => undefined);
    return message;
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
