import { once } from 'node:events';
import { resolve } from 'node:path';
import type { NatsCredentialsByUser } from './credentials.ts';
import type { NatsUser } from './permissions.ts';
import { readTextFile } from '../private-files.ts';
import { restartDelayMs } from '../restart-delay.ts';
import { natsPaths } from './home-files.ts';
import { claimNatsHome, publishNatsServerState, releaseNatsHome, stopProcess } from './server-claim.ts';
import { writeNatsServerConfig } from './server-config.ts';
import { type RunningNatsServer, spawnNatsServer } from './server-process.ts';

export interface NatsServerOptions {
  /** Path of the nats-server program, see findNatsServer. */
  readonly binary: string;
  /** The product's data folder. */
  readonly home: string;
  readonly users: readonly NatsUser[];
  /** Client port on loopback; 0 = any free one. */
  readonly port?: number;
  readonly monitorPort?: number;
  /** Default true; see NatsServerConfig. */
  readonly syncAlways?: boolean;
  /** Takes lines about the server's life: it ended by itself, it is back. */
  readonly log?: (line: string) => void;
}

/**
 * Starts the nats-server of a home and looks after it: if it ends by itself it is started again on the same ports. A
 * server left behind by a killed process is stopped first; a home whose owner lives is refused.
 * @throws NatsHomeInUse, or Error with the end of the server's log
 */
export async function startNatsServer(options: NatsServerOptions): Promise<SupervisedNatsServer> {
  const home = resolve(options.home);
  const claim = await claimNatsHome(home);
  try {
    if ((await readTextFile(natsPaths(home).storeExchange)) !== null) {
      throw new Error(`a repair of ${natsPaths(home).store} was interrupted: \`waybill doctor\` finishes it`);
    }
    const server = new SupervisedNatsServer({ ...options, home });
    await server.start();
    await publishNatsServerState(home, { ...claim, url: server.url, monitorUrl: server.monitorUrl });
    return server;
  } catch (error) {
    await releaseNatsHome(home);
    throw error;
  }
}

/** A nats-server child that is kept alive until `stop`. */
export class SupervisedNatsServer {
  readonly home: string;
  #options: NatsServerOptions;
  #running: RunningNatsServer | null = null;
  #credentials: NatsCredentialsByUser = {};
  #stopping = false;
  #restarting: Promise<void> = Promise.resolve();
  #wakeUp: () => void = () => {};
  readonly #killOnExit = () => this.#running?.child.kill('SIGTERM');

  /** Use startNatsServer, which claims the home first. */
  constructor(options: NatsServerOptions) {
    this.home = options.home;
    this.#options = options;
  }

  get url(): string {
    return `nats://127.0.0.1:${this.#options.port}`;
  }

  /** The monitoring page; `/varz` says how writes are synced. */
  get monitorUrl(): string {
    return `http://127.0.0.1:${this.#options.monitorPort}`;
  }

  get credentials(): NatsCredentialsByUser {
    return this.#credentials;
  }

  /** The running child's pid, or null between two lives. */
  get pid(): number | null {
    return this.#running?.pid ?? null;
  }

  async start(): Promise<void> {
    await this.#spawn();
    process.on('exit', this.#killOnExit);
  }

  /** Stops the server and gives the home back. Acknowledged writes are on disk. */
  async stop(): Promise<void> {
    if (this.#stopping) return;
    this.#stopping = true;
    this.#wakeUp();
    await this.#restarting;
    process.off('exit', this.#killOnExit);
    await this.#end();
    await releaseNatsHome(this.home);
  }

  /** Sends a signal to the child, as a machine's trouble would: tests kill, freeze and thaw it. */
  signal(signal: NodeJS.Signals): void {
    this.#running?.child.kill(signal);
  }

  async #spawn(): Promise<void> {
    const { binary, port = 0, monitorPort = 0, users, syncAlways = true } = this.#options;
    const config = { home: this.home, port, monitorPort, users, syncAlways };
    this.#credentials = (await writeNatsServerConfig(config)).credentials;
    const running = await spawnNatsServer(binary, this.home);
    // The next life must be found where this one was.
    this.#options = { ...this.#options, port: running.port, monitorPort: running.monitorPort };
    this.#running = running;
    running.child.once('exit', (code, signal) => {
      this.#running = null;
      if (!this.#stopping) this.#restarting = this.#restart(`code ${code}, signal ${signal}`);
    });
  }

  async #restart(how: string): Promise<void> {
    const log = this.#options.log ?? (() => {});
    log(`nats-server ended (${how}); starting it again`);
    for (let delay = restartDelayMs(0, 0); !this.#stopping; delay = restartDelayMs(delay, 0)) {
      try {
        await this.#spawn();
        log(`nats-server is back at ${this.url}`);
        return;
      } catch (error) {
        log(`nats-server does not start: ${error instanceof Error ? error.message : String(error)}`);
        await this.#pause(delay);
      }
    }
  }

  /** Waits, unless a stop cuts it short. */
  #pause(delayMs: number): Promise<void> {
    return new Promise((proceed) => {
      const timer = setTimeout(proceed, delayMs);
      this.#wakeUp = () => {
        clearTimeout(timer);
        proceed();
      };
    });
  }

  async #end(): Promise<void> {
    if (this.#running === null) return;
    const { child, pid } = this.#running;
    const exited = child.exitCode === null && child.signalCode === null ? once(child, 'exit') : null;
    await stopProcess(pid);
    await exited;
  }
}
