import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { pollUntil } from '#libs/platform';
import type { Endpoint } from '../src/home/endpoint-file.ts';
import { readEndpoint } from '../src/home/endpoint-file.ts';

/** The built command line, as `deploy/waybill.mjs` runs it. */
const CLI = fileURLToPath(new URL('../../../dist/apps/cli/src/main.js', import.meta.url));
/** A bound for a hang, not a goal: CI machines are busy. */
const WAIT_MS_MAX = 90_000;

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The test's environment without what would name another Waybill. */
function cleanEnv(): NodeJS.ProcessEnv {
  const isOurs = (name: string): boolean => /^(WAYBILL|NATS|AWS)_/.test(name) && name !== 'WAYBILL_NATS_SERVER';
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !isOurs(name)));
}

/** Runs one command to its end. */
export function waybill(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Finished> {
  return new Promise((resolve) => {
    const options = { env: { ...cleanEnv(), ...env }, maxBuffer: 64 * 1024 * 1024 };
    execFile(process.execPath, [CLI, ...args], options, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : null;
      resolve({ code, stdout, stderr });
    });
  });
}

export interface RunningCliOptions {
  /** The program, in place of the built one. */
  readonly cli?: string;
  /** Beside what the test's own environment has. */
  readonly env?: NodeJS.ProcessEnv;
}

/** A command that goes on, in a process of its own. */
export class RunningCli {
  readonly home: string;
  readonly child: ChildProcess;
  #output = '';

  constructor(home: string, words: readonly string[], { cli = CLI, env = {} }: RunningCliOptions = {}) {
    this.home = home;
    this.child = spawn(process.execPath, [cli, ...words, '--home', home], {
      env: { ...cleanEnv(), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const collect = (chunk: Buffer): void => void (this.#output += chunk.toString());
    this.child.stdout?.on('data', collect);
    this.child.stderr?.on('data', collect);
  }

  get output(): string {
    return this.#output;
  }

  get isRunning(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  /** Waits until the output shows it. */
  async says(pattern: RegExp): Promise<RegExpExecArray> {
    return await eventually(`waybill says ${pattern}; it said:\n${this.#output}`, async () => {
      const match = pattern.exec(this.#output);
      if (match === null && !this.isRunning) throw new Error(`waybill ended:\n${this.#output}`);
      return match;
    });
  }

  async endpoint(): Promise<Endpoint> {
    const endpoint = await readEndpoint(this.home);
    if (endpoint === null) throw new Error('there is no endpoint file');
    return endpoint;
  }

  /** Sends a signal and waits for the end. */
  async end(signal: NodeJS.Signals): Promise<number | null> {
    if (this.isRunning) {
      const exited = once(this.child, 'exit');
      this.child.kill(signal);
      await exited;
    }
    return this.child.exitCode;
  }

  /** Runs a command against this home. */
  cli(...args: readonly string[]): Promise<Finished> {
    return waybill([...args, '--home', this.home]);
  }
}

/** `waybill up` in a process of its own. */
export class RunningUp extends RunningCli {
  constructor(home: string, ...args: readonly string[]) {
    super(home, ['up', ...args]);
  }
}

/** Asks until there is an answer. */
export function eventually<T>(what: string, ask: () => Promise<T | null | undefined>): Promise<T> {
  return pollUntil(what, WAIT_MS_MAX, ask);
}

export function isAlive(pid: number | null): boolean {
  if (pid === null) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
