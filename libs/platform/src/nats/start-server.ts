import { once } from 'node:events';
import { resolve } from 'node:path';
import type { NatsCredentialsByUser } from './credentials.ts';
import type { NatsUser } from './permissions.ts';
import { readTextFile } from '../private-files.ts';
import { restartDelayMs } from '../restart-delay.ts';
import { natsPaths } from './home-files.ts';
import { claimNatsHome, publishNatsServerState, releaseNatsHome, stopProcess } from './server-claim.ts';
import { LOOPBACK, writeNatsServerConfig } from './server-config.ts';
import type { NatsServerTls } from './server-config.ts';
import { type NatsServerAddress, type RunningNatsServer, spawnNatsServer } from './server-process.ts';

export interface NatsServerOptions {
  /** Path of the nats-server program, see findNatsServer. */
  readonly binary: string;
  /** The product's data folder. */
  readonly home: string;
  readonly users: readonly NatsUser[];
  /** The address that clients reach it at; default loopback. */
  readonly host?: string;
  readonly tls?: NatsServerTls;
  /** Client port; 0 = any free one. */
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
    await publishNatsServerState(home, {
      ...claim,
      url: server.url,
      monitorUrl: server.monitorUrl,
      caFile: server.caFile,
      ...(options.host === undefined ? {} : { host: options.host }),
    });
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
  /** As this life was started with: a server that is told to reload takes no other ports, though they be those that it chose. */
  #configured: NatsServerAddress = { port: 0, monitorPort: 0 };
  #stopping = false;
  #restarting: Promise<void> = Promise.resolve();
  #wakeUp: () => void = () => {};
  readonly #killOnExit = () => this.#running?.child.kill('SIGTERM');

  /** Use startNatsServer, which claims the home first. */
  constructor(options: NatsServerOptions) {
    this.home = options.home;
    this.#options = options;
  }

  /** For processes of this machine. */
  get url(): string {
    return `${this.#options.tls === undefined ? 'nats' : 'tls'}://${localHost(this.#options.host)}:${this.#options.port}`;
  }

  /** The monitoring page; `/varz` says how writes are synced. */
  get monitorUrl(): string {
    return `http://127.0.0.1:${this.#options.monitorPort}`;
  }

  /** What clients check the server's certificate against; null: not encrypted, or an authority that machines know. */
  get caFile(): string | null {
    return this.#options.tls?.caFile ?? null;
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

  /**
   * Other users from now on, without a restart: connections of those that stay go on, those of users that are gone end.
   * Resolves when the server was told; it takes a moment.
   */
  async setUsers(users: readonly NatsUser[]): Promise<void> {
    this.#options = { ...this.#options, users };
    await this.#writeConfig();
    // Between two lives there is nobody to tell: the next one reads the file.
    this.signal('SIGHUP');
  }

  /** Sends a signal to the child, as a machine's trouble would: tests kill, freeze and thaw it. */
  signal(signal: NodeJS.Signals): void {
    this.#running?.child.kill(signal);
  }

  async #spawn(): Promise<void> {
    const { port = 0, monitorPort = 0 } = this.#options;
    this.#configured = { port, monitorPort };
    await this.#writeConfig();
    const running = await spawnNatsServer(this.#options.binary, this.home, localHost(this.#options.host));
    // The next life must be found where this one was.
    this.#options = { ...this.#options, port: running.port, monitorPort: running.monitorPort };
    this.#running = running;
    running.child.once('exit', (code, signal) => {
      this.#running = null;
      if (!this.#stopping) this.#restarting = this.#restart(`code ${code}, signal ${signal}`);
    });
  }

  async #writeConfig(): Promise<void> {
    const { host = null, tls = null, users, syncAlways = true } = this.#options;
    const config = { home: this.home, ...this.#configured, host, tls, users, syncAlways };
    this.#credentials = (await writeNatsServerConfig(config)).credentials;
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

const EVERY_ADDRESS = '0.0.0.0';

/** Where processes of the same machine reach it. */
function localHost(host: string | undefined): string {
  return host === undefined || host === EVERY_ADDRESS ? LOOPBACK : host;
}
