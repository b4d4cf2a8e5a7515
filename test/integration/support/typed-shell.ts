import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { randomBytes } from 'node:crypto';

/** A bound for a hang, not a goal: the waiters of the AWS CLI give up by themselves. */
const TIMEOUT_MS = 600_000;

/** What came of blocks that were typed into a shell. */
export interface Typed {
  readonly code: number | null;
  /** What each block wrote, in order, up to the one that failed. */
  readonly blocks: readonly string[];
  readonly stderr: string;
}

export interface ShellPlace {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
}

/** Types blocks into one shell, up to the first command that fails. */
export async function typeInShell(blocks: readonly string[], { cwd, env }: ShellPlace): Promise<Typed> {
  const mark = `--- ${randomBytes(8).toString('hex')} ---`;
  const typed = blocks.flatMap((text) => [text, `echo '${mark}'`]);
  const shell = spawn('bash', ['-c', ['set -euo pipefail', 'shopt -s expand_aliases', ...typed].join('\n')], {
    cwd,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: TIMEOUT_MS,
  });
  let [stdout, stderr] = ['', ''];
  shell.stdout.on('data', (text) => (stdout += String(text)));
  shell.stderr.on('data', (text) => (stderr += String(text)));
  const [code] = (await once(shell, 'close')) as [number | null];
  const parts = stdout.split(`${mark}\n`);
  return { code, blocks: code === 0 ? parts.slice(0, -1) : parts, stderr };
}
