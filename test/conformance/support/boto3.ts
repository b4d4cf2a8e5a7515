import { test } from '@jest/globals';
import { environmentOf, runProgram, versionOf } from './aws-cli.ts';
import type { Served } from './served.ts';

const PYTHON = 'python3';

export const BOTO3 = await versionOf(PYTHON, '-c', 'import boto3; print("boto3", boto3.__version__)');
/** A test whose client is missing is left out; every run lists those at its end, and CI counts them as failed. */
export const testWithBoto3 = BOTO3 === undefined ? test.skip : test;

/** Debian's boto3 does not know AWS_ENDPOINT_URL yet. */
const PRELUDE = `
import boto3, json, os, time
def client(name, **options):
  return boto3.client(name, endpoint_url=os.environ['AWS_ENDPOINT_URL'], **options)
`;

/**
 * Runs a script with the unmodified AWS SDK for Python (`client(name)` makes a client) against a control plane and gives
 * the JSON that it prints last. Clients retry as often as they do by default. @throws with what the script wrote
 */
export async function runBoto3<Output>({ endpoint, key }: Served, script: string): Promise<Output> {
  const env = { ...process.env, ...environmentOf(endpoint, key, '/nonexistent') };
  delete env['AWS_MAX_ATTEMPTS'];
  const { code, stdout, stderr } = await runProgram(PYTHON, ['-c', PRELUDE + script], env);
  if (code !== 0) throw new Error(`python3 with boto3 ended with ${code}:\n${stdout}\n${stderr}`);
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Output;
}
