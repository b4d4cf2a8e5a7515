import { environmentOf, runProgram } from './aws-cli.ts';
import type { Served } from './served.ts';

/**
 * Runs a script with the unmodified AWS SDK for Python against a control plane and gives the JSON that it prints last.
 * Clients retry as often as they do by default. @throws with what the script wrote when it fails
 */
export async function runBoto3<Output>({ endpoint, key }: Served, script: string): Promise<Output> {
  const { AWS_MAX_ATTEMPTS: _, ...env } = environmentOf(endpoint, key, '/nonexistent');
  const { code, stdout, stderr } = await runProgram('python3', ['-c', script], { ...process.env, ...env });
  if (code !== 0) throw new Error(`python3 with boto3 ended with ${code}:\n${stdout}\n${stderr}`);
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Output;
}
