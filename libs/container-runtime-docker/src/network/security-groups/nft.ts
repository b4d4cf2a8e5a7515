import { spawn } from 'node:child_process';
import { removalOf, tableNameOf } from './ruleset.ts';

const TIMEOUT_MS = 10_000;

/** nftables did not do what it was asked for. */
class NftProblem extends Error {}

/** Has nftables read a text, all of it or nothing. `check`: only looks whether it could. @throws NftProblem */
export async function nft(text: string, { check = false } = {}): Promise<void> {
  await run([...(check ? ['-c'] : []), '-f', '-'], text);
}

/** Whether there is such a table that this process can see. */
export async function hasTable(table: string): Promise<boolean> {
  return await run(['list', 'table', 'ip', table], '').then(
    () => true,
    () => false,
  );
}

async function run(args: readonly string[], input: string): Promise<void> {
  const child = spawn('nft', args, { stdio: ['pipe', 'ignore', 'pipe'], timeout: TIMEOUT_MS });
  const said: Buffer[] = [];
  child.stderr.on('data', (chunk: Buffer) => said.push(chunk));
  await new Promise<void>((resolve, reject) => {
    child.on('error', (error: NodeJS.ErrnoException) => {
      reject(new NftProblem(`nft cannot be run: ${error.message}`));
    });
    child.on('close', (code, signal) => {
      if (code === 0) resolve();
      else reject(new NftProblem(`nft: ${Buffer.concat(said).toString().trim() || `ended by ${signal ?? code}`}`));
    });
    // One that ends early says why by its exit code.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
  });
}

/** Removes the rules of an agent that is gone, or that restricts nothing any more. @throws NftProblem */
export async function removeSecurityRules(instanceId: string): Promise<void> {
  const table = tableNameOf(instanceId);
  if (await hasTable(table)) await nft(removalOf(table).join('\n'));
}
