import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { LOG_DAMAGED_EXIT_CODE, openProcessLog, restartDelayMs, watchProcessLog } from '#libs/platform';
import type { ProcessLogWatch } from '#libs/platform';
import { logTail } from './log-tail.ts';

/** What a forked process sends when it serves. */
export interface ReadyMessage {
  readonly type: 'ready';
  readonly port?: number;
}

/** How a life ended by itself. */
export interface ChildEnd {
  /** `SIGKILL`, or `exit code 1`. */
  readonly how: string;
  /** null: a signal ended it, or it never began. */
  readonly exitCode: number | null;
  /** The last lines that this life wrote, oldest first. */
  readonly lastLines: readonly string[];
  /** Null: it is not started again, since its end says that this would not help. */
  readonly restartInMs: number | null;
}

export interface ChildListener {
  readonly spawned: (pid: number) => void;
  readonly ready: (message: ReadyMessage, seconds: number) => void;
  readonly ended: (end: ChildEnd) => void;
}

export interface ChildOptions {
  /** The module to fork. */
  readonly entry: string;
  /** Of Node. */
  readonly nodeArguments: readonly string[];
  readonly logFile: string;
  /** Asked before each life: a port that the first life chose is the next one's too. */
  readonly env: () => NodeJS.ProcessEnv;
  readonly listener: ChildListener;
}

const LAST_LINES_MAX = 8;

interface Life {
  readonly child: ChildProcess;
  readonly startedMs: number;
  readonly logStart: number;
  readonly log: ProcessLogWatch;
}

/**
 * A forked process that is started again whenever it ends by itself, one life at a time. It learns of our own end, even
 * by SIGKILL, from its closed IPC channel. It has a process group of its own: a Ctrl-C reaches only us, and we stop our
 * processes in the right order.
 */
export class SupervisedChild {
  readonly #options: ChildOptions;
  #life: Life | null = null;
  #starting: Promise<void> = Promise.resolve();
  #restartTimer: NodeJS.Timeout | undefined;
  #restartDelayMs = 0;
  #stopping = false;

  constructor(options: ChildOptions) {
    this.#options = options;
  }

  get pid(): number | null {
    return this.#life?.child.pid ?? null;
  }

  /** Begins the first life. @throws when the process cannot be forked at all */
  async start(): Promise<void> {
    this.#starting = this.#begin();
    await this.#starting;
  }

  /** Asks the process to end, and kills it after a grace. Resolves when it is gone; it is not started again. */
  async stop(graceMs: number): Promise<void> {
    this.#stopping = true;
    clearTimeout(this.#restartTimer);
    await this.#starting.catch(() => {});
    const child = this.#life?.child;
    if (child === undefined) return;
    const gone = once(child, 'exit');
    child.kill('SIGTERM');
    const killer = setTimeout(() => child.kill('SIGKILL'), graceMs);
    await gone;
    clearTimeout(killer);
  }

  /** No patience left. */
  kill(): void {
    this.#stopping = true;
    this.#life?.child.kill('SIGKILL');
  }

  async #begin(): Promise<void> {
    const { entry, nodeArguments, logFile, env, listener } = this.#options;
    const log = await openProcessLog(logFile);
    try {
      if (this.#stopping) return;
      const logStart = (await log.stat()).size;
      const child = fork(entry, [], {
        env: env(),
        detached: true,
        execArgv: [...nodeArguments],
        stdio: ['ignore', log.fd, log.fd, 'ipc'],
      });
      await once(child, 'spawn');
      this.#follow({ child, startedMs: performance.now(), logStart, log: watchProcessLog(logFile) });
      if (child.pid !== undefined) listener.spawned(child.pid);
    } finally {
      await log.close();
    }
  }

  #follow(life: Life): void {
    this.#life = life;
    life.child.on('message', (message) => {
      if (isReadyMessage(message)) this.#options.listener.ready(message, (performance.now() - life.startedMs) / 1000);
    });
    life.child.once('exit', (code, signal) => {
      this.#life = null;
      life.log.stop();
      if (!this.#stopping) void this.#mourn(life, signal ?? `exit code ${code}`, code);
    });
    // A signal that could not be sent is an end that `exit` reports.
    life.child.on('error', () => {});
  }

  async #mourn(life: Life, how: string, exitCode: number | null): Promise<void> {
    const lastLines = await logTail(
      this.#options.logFile,
      life.log.wasPutAside ? 0 : life.logStart,
      LAST_LINES_MAX,
    ).catch(() => []);
    if (this.#stopping) return;
    if (exitCode === LOG_DAMAGED_EXIT_CODE) {
      this.#options.listener.ended({ how, exitCode, lastLines, restartInMs: null });
      return;
    }
    this.#restartDelayMs = restartDelayMs(this.#restartDelayMs, performance.now() - life.startedMs);
    this.#restartLater();
    this.#options.listener.ended({ how, exitCode, lastLines, restartInMs: this.#restartDelayMs });
  }

  #restartLater(): void {
    this.#restartTimer = setTimeout(() => {
      this.#starting = this.#begin();
      this.#starting.catch((error: unknown) => {
        // No process, no memory, no file descriptor: the machine's trouble may pass.
        if (this.#stopping) return;
        this.#restartDelayMs = restartDelayMs(this.#restartDelayMs, 0);
        const restartInMs = this.#restartDelayMs;
        this.#options.listener.ended({ how: String(error), exitCode: null, lastLines: [], restartInMs });
        this.#restartLater();
      });
    }, this.#restartDelayMs);
  }
}

function isReadyMessage(message: unknown): message is ReadyMessage {
  return typeof message === 'object' && message !== null && 'type' in message && message.type === 'ready';
}
