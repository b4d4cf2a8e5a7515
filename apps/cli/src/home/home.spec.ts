import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Endpoint, endpointProblem, NO_PROCESSES, readEndpoint, writeEndpoint } from './endpoint-file.ts';
import { makeHome } from './home-files.ts';

const ENDPOINT: Endpoint = {
  endpoint: 'http://127.0.0.1:8420',
  port: 8420,
  natsUrl: 'nats://127.0.0.1:4222',
  natsMonitorUrl: 'http://127.0.0.1:8222',
  region: 'us-east-1',
  account: '000000000000',
  instanceId: 'i1',
  startedAt: '2026-03-10T14:03:00.000Z',
  pids: NO_PROCESSES,
};

let home: string;
beforeEach(async () => void (home = await mkdtemp(join(tmpdir(), 'waybill-home-'))));
afterEach(() => rm(home, { recursive: true }));

describe('the data folder', () => {
  test('is for its owner only, also when it was not', async () => {
    const folder = join(home, 'shared');
    await mkdir(folder, { mode: 0o755 });
    await makeHome(folder);
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
  });

  test('tells where Waybill is', async () => {
    expect(await readEndpoint(home)).toBeNull();
    expect((await endpointProblem(home)).message).toContain(`${home} has never run Waybill`);
    await writeEndpoint(home, ENDPOINT);
    expect(await readEndpoint(home)).toEqual(ENDPOINT);
  });

  test.each(['', '{"endpoint":', '[]', 'null', '{"endpoint":"x"}'])(
    'an endpoint file that is none: %s',
    async (text) => {
      await mkdir(join(home, 'run'));
      const file = join(home, 'run', 'endpoint.json');
      await writeFile(file, text);
      expect(await readEndpoint(home)).toBeNull();
      expect((await endpointProblem(home)).message).toBe(`${file} is damaged: the next start makes a new one`);
    },
  );
});
