import { execFile, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { eventually } from './steps.ts';

const run = promisify(execFile);
const CLI = 'dist/apps/cli/src/main.js';
/** A bound for a hang, not a goal: CI machines are busy. */
const START_SECONDS_MAX = 120;
const STOP_SECONDS_MAX = 60;

/** What `waybill env -o json` prints. */
export interface ProductEnvironment {
  readonly AWS_ENDPOINT_URL_ECS: string;
  readonly AWS_REGION: string;
  readonly AWS_ACCESS_KEY_ID: string;
  readonly AWS_SECRET_ACCESS_KEY: string;
  readonly NATS_URL: string;
  readonly NATS_USER: string;
  readonly NATS_PASSWORD: string;
}

/** The product in a data folder of its own and on free ports, driven as a user drives it. */
export class Product {
  readonly home: string;
  #child: ChildProcess | null = null;
  #output = '';

  constructor(home: string) {
    this.home = home;
  }

  static async inTemporaryHome(): Promise<Product> {
    return new Product(await mkdtemp(path.join(tmpdir(), 'waybill-demo-')));
  }

  /** `waybill up`; resolves when it says that it is ready. */
  async start(): Promise<void> {
    this.#output = '';
    const child = spawn(process.execPath, [CLI, 'up'], {
      env: { ...process.env, WAYBILL_HOME: this.home, WAYBILL_PORT: '0' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    const collect = (chunk: Buffer): void => void (this.#output += chunk.toString());
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    await eventually(
      'the product is ready',
      async () => {
        if (child.exitCode !== null) throw new Error(`waybill up ended with code ${child.exitCode}:\n${this.#output}`);
        return (await this.cli('status').catch(() => undefined)) !== undefined;
      },
      START_SECONDS_MAX,
    );
  }

  /** Ctrl-C; resolves with the exit code. */
  async stop(): Promise<number | null> {
    const child = this.#child;
    if (child === null || child.exitCode !== null) return child?.exitCode ?? null;
    const ended = once(child, 'exit', { signal: AbortSignal.timeout(STOP_SECONDS_MAX * 1_000) });
    child.kill('SIGINT');
    await ended;
    this.#child = null;
    return child.exitCode;
  }

  /** Runs a `waybill` command and returns what it printed. */
  async cli(...args: string[]): Promise<string> {
    const env = { ...process.env, WAYBILL_HOME: this.home };
    const { stdout } = await run(process.execPath, [CLI, ...args], { env, maxBuffer: 64 * 1024 * 1024 });
    return stdout;
  }

  async json<Value>(...args: string[]): Promise<Value> {
    return JSON.parse(await this.cli(...args, '-o', 'json')) as Value;
  }

  async environment(): Promise<ProductEnvironment> {
    return JSON.parse(await this.cli('env', '-o', 'json')) as ProductEnvironment;
  }

  /** The process id of a part, from the run file. */
  async pidOf(part: 'controlPlane' | 'agent'): Promise<number> {
    const file = path.join(this.home, 'run', 'endpoint.json');
    const { pids } = JSON.parse(await readFile(file, 'utf8')) as { pids: Record<string, number> };
    const pid = pids[part];
    if (pid === undefined) throw new Error(`${file} names no ${part}`);
    return pid;
  }

  async remove(): Promise<void> {
    await rm(this.home, { recursive: true, force: true });
  }

  get output(): string {
    return this.#output;
  }
}
