import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { controlPlaneNatsEnv } from '#libs/platform';
import type { TestNatsServer } from '#libs/testing';

const PROGRAM = path.join('dist', 'apps', 'control-plane', 'src', 'main.js');
const READY_SECONDS_MAX = 40;
const LOG_CHARACTERS_MAX = 8_000;

/** The built control plane as a process of its own, to be killed and started again on the same home. */
export class ForkedControlPlane {
  readonly #nats: TestNatsServer;
  readonly #home: string;
  #child: ChildProcess | null = null;
  #port = 0;
  #answers: () => void = () => {};
  /** Resolves when the first process that `start` starts answers over HTTP, ready or not. */
  readonly answering = new Promise<void>((resolve) => (this.#answers = resolve));
  #log = '';

  private constructor(nats: TestNatsServer, home: string) {
    this.#nats = nats;
    this.#home = home;
  }

  /** Its data folder. */
  get home(): string {
    return this.#home;
  }

  static async on(nats: TestNatsServer): Promise<ForkedControlPlane> {
    if (!existsSync(PROGRAM)) throw new Error(`${PROGRAM} is missing: run \`npm run build\` first`);
    return new ForkedControlPlane(nats, await mkdtemp(path.join(tmpdir(), 'waybill-integration-')));
  }

  /** The end of what it logged in all its lives. */
  get log(): string {
    return this.#log.slice(-LOG_CHARACTERS_MAX);
  }

  /** Where the API of the process that was started last is. */
  get port(): number {
    return this.#port;
  }

  /** Starts a process and does not wait for it. */
  spawn(): void {
    const child = fork(PROGRAM, [], {
      env: {
        ...process.env,
        // Jest's flags are none of the child's.
        NODE_OPTIONS: '',
        ...controlPlaneNatsEnv(this.#nats),
        WAYBILL_HOME: this.#home,
        WAYBILL_PORT: '0',
        WAYBILL_LOG_LEVEL: 'warn',
      },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream
        ?.setEncoding('utf8')
        .on('data', (text: string) => (this.#log = (this.#log + text).slice(-LOG_CHARACTERS_MAX)));
    }
    this.#child = child;
  }

  /** Starts a process and waits until it takes commands. @throws with its log when it ends or never gets there */
  async start(): Promise<void> {
    this.spawn();
    const child = this.#child;
    if (child === null) return;
    const signal = AbortSignal.timeout(READY_SECONDS_MAX * 1_000);
    const [message] = (await Promise.race([
      once(child, 'message', { signal }),
      once(child, 'exit').then(() => Promise.reject(new Error(`the control plane ended:\n${this.log}`))),
    ])) as [{ readonly port: number }];
    this.#port = message.port;
    this.#answers();
    while (!(await isReady(message.port))) {
      if (signal.aborted) throw new Error(`not ready within ${READY_SECONDS_MAX} s:\n${this.log}`);
      await pause(25);
    }
  }

  /** What /readyz says. */
  async readiness(): Promise<unknown> {
    return (await fetch(`http://127.0.0.1:${this.#port}/readyz`)).json();
  }

  signal(signal: NodeJS.Signals): void {
    this.#child?.kill(signal);
  }

  /** No warning, no clean-up: what a power cut leaves behind. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  async stop(): Promise<void> {
    await this.#end('SIGTERM');
    await rm(this.#home, { recursive: true, force: true });
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    this.#child = null;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill(signal);
    await exited;
  }
}

async function isReady(port: number): Promise<boolean> {
  return fetch(`http://127.0.0.1:${port}/readyz`).then(
    ({ status }) => status === 200,
    () => false,
  );
}
