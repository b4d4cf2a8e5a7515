import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { eventually, RunningUp, waybill } from './running-cli.ts';

jest.setTimeout(120_000);

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

describe('waybill env', () => {
  let home: string;
  let up: RunningUp;
  let endpoint: string;

  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'waybill-env-'));
    const port = await freePort();
    endpoint = `http://127.0.0.1:${port}`;
    up = new RunningUp(home, '--port', String(port));
  });

  afterAll(async () => {
    await up.end('SIGTERM');
    await rm(home, { recursive: true });
  });

  test('answers from the moment at which the first start of a data folder is ready', async () => {
    await eventually('the API is ready', async () =>
      (await fetch(`${endpoint}/readyz`).catch(() => null))?.status === 200 ? true : null,
    );
    expect(await up.cli('env')).toMatchObject({ code: 0, stdout: expect.stringContaining(endpoint) });
  });

  test('as JSON is JSON', async () => {
    const { stdout } = await up.cli('env', '-o', 'json');
    const variables = JSON.parse(stdout) as Record<string, string>;
    expect(variables).toMatchObject({ AWS_ENDPOINT_URL_ECS: endpoint, AWS_ENDPOINT_URL_STS: endpoint });
    expect(variables).not.toHaveProperty('AWS_ENDPOINT_URL');
    const all = JSON.parse((await up.cli('env', '--all', '-o', 'json')).stdout) as Record<string, string>;
    expect(all).toEqual({ ...variables, AWS_ENDPOINT_URL: endpoint });
  });

  test('is undone by --unset', async () => {
    const set = (await up.cli('env', '--all')).stdout;
    const unset = (await waybill(['env', '--unset'])).stdout;
    const names = (script: string): string[] =>
      execFileSync('sh', ['-c', `${script}\nenv`], { env: { PATH: process.env['PATH'] }, encoding: 'utf8' })
        .split('\n')
        .filter((line) => /^(AWS|NATS)_/.test(line));
    expect(names(set)).toHaveLength(15);
    expect(names(set + unset)).toEqual([]);
  });

  test('names a damaged endpoint file; the next start makes a new one', async () => {
    await up.says(/^Waybill is ready/m);
    await up.end('SIGTERM');
    const file = join(home, 'run', 'endpoint.json');
    await writeFile(file, '{"endpoint":');
    expect(await up.cli('env')).toMatchObject({
      code: 3,
      stderr: `waybill: ${file} is damaged: the next start makes a new one\n`,
    });
    up = new RunningUp(home, '--port', new URL(endpoint).port, '--no-agent');
    await up.says(/^Waybill is ready/m);
    expect(await up.cli('env')).toMatchObject({ code: 0 });
  });

  test('names a damaged root key, which no start replaces', async () => {
    await up.end('SIGTERM');
    const file = join(home, 'credentials', 'root-access-key.json');
    await writeFile(file, '');
    const stderr = `waybill: ${file} is damaged: restore it, or remove it and the next start makes a new key\n`;
    expect(await up.cli('env')).toMatchObject({ code: 1, stderr });
    expect(await up.cli('up', '--port', '0')).toMatchObject({ code: 1, stderr });
  });
});
