import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { RootAccessKey } from '#libs/platform';

const COMMAND_TIMEOUT_MS = 60_000;

/** What a command came to. */
export interface CliResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The unmodified AWS CLI, pointed at an endpoint. */
export class AwsCli {
  readonly #endpoint: string;
  readonly #env: NodeJS.ProcessEnv;
  readonly #folder: string;

  private constructor(endpoint: string, env: NodeJS.ProcessEnv, folder: string) {
    this.#endpoint = endpoint;
    this.#env = env;
    this.#folder = folder;
  }

  static async at(endpoint: string, key: RootAccessKey): Promise<AwsCli> {
    const folder = await mkdtemp(path.join(tmpdir(), 'waybill-aws-cli-'));
    return new AwsCli(endpoint, { ...process.env, ...environmentOf(endpoint, key, folder) }, folder);
  }

  /** Runs `aws ecs …`; never throws for an exit code. */
  run(...args: readonly string[]): Promise<CliResult> {
    // Debian 12's ignores AWS_ENDPOINT_URL.
    return runProgram('aws', ['--endpoint-url', this.#endpoint, 'ecs', ...args], this.#env);
  }

  /** The JSON of a command that must succeed. @throws with its error text */
  async json<Output>(...args: readonly string[]): Promise<Output> {
    const { code, stdout, stderr } = await this.run(...args);
    if (code !== 0) throw new Error(`aws ecs ${args.join(' ')}: exit ${code}: ${stderr}`);
    return JSON.parse(stdout) as Output;
  }

  /** A file for `--cli-input-json`. */
  async file(name: string, content: object): Promise<string> {
    const file = path.join(this.#folder, name);
    await writeFile(file, JSON.stringify(content));
    return `file://${file}`;
  }

  async remove(): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
  }
}

/** Nothing of this machine's own AWS configuration must reach a test. */
export function environmentOf(endpoint: string, key: RootAccessKey, folder: string): NodeJS.ProcessEnv {
  return {
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: 'us-east-1',
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: key.accessKeyId,
    AWS_SECRET_ACCESS_KEY: key.secretAccessKey,
    AWS_CONFIG_FILE: path.join(folder, 'config'),
    AWS_SHARED_CREDENTIALS_FILE: path.join(folder, 'credentials'),
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_MAX_ATTEMPTS: '1',
    AWS_PAGER: '',
    AWS_DEFAULT_OUTPUT: 'json',
  };
}

/** Runs a program to its end; a program that is not there is the exit code 127. */
export function runProgram(program: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<CliResult> {
  return new Promise((resolve) => {
    execFile(
      program,
      args,
      { env, timeout: COMMAND_TIMEOUT_MS, maxBuffer: 16 * 1024 * 1024 },
      (error, stdout, stderr) => {
        const missing = error !== null && error.code === 'ENOENT';
        const code = error === null ? 0 : missing ? 127 : typeof error.code === 'number' ? error.code : 1;
        resolve({ code, stdout, stderr });
      },
    );
  });
}

/** Whether a program runs at all, and what it says of itself. */
export async function versionOf(program: string, ...args: readonly string[]): Promise<string | undefined> {
  const { code, stdout, stderr } = await runProgram(program, args, process.env);
  return code === 0 ? (stdout || stderr).trim() : undefined;
}
