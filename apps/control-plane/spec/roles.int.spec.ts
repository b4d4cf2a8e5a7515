import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { CreateClusterCommand, DescribeClustersCommand, ECSClient } from '@aws-sdk/client-ecs';
import { pino } from 'pino';
import { controlPlaneNatsEnv, readRootAccessKey, readSettings } from '#libs/platform';
import { testNatsServer } from '#libs/testing';
import type { TestNatsServer } from '#libs/testing';
import { rolesOf } from '../src/process/roles.ts';
import { startControlPlane } from '../src/start-control-plane.ts';
import type { RunningControlPlane } from '../src/start-control-plane.ts';
import { holds } from './test-control-plane.ts';

jest.setTimeout(60_000);

let nats: TestNatsServer;
let home: string;
const running: RunningControlPlane[] = [];

beforeAll(async () => {
  nats = await testNatsServer();
  home = await mkdtemp(path.join(tmpdir(), 'waybill-roles-'));
});

afterAll(async () => {
  for (const controlPlane of running.reverse()) await controlPlane.stop();
  await nats.stop();
  await rm(home, { recursive: true });
});

async function start(roles: string, ownHome = home): Promise<string> {
  const settings = readSettings({ WAYBILL_HOME: ownHome, WAYBILL_PORT: '0' });
  const log = pino({ level: 'silent' });
  const controlPlane = await startControlPlane(settings, controlPlaneNatsEnv(nats), log, { roles: rolesOf(roles) });
  running.push(controlPlane);
  return `http://127.0.0.1:${controlPlane.port}`;
}

const readinessOf = async (endpoint: string): Promise<Record<string, unknown>> =>
  (await fetch(`${endpoint}/readyz`)).json() as Promise<Record<string, unknown>>;

describe('roles in processes of their own', () => {
  test('the API works through the writer, and only the writer runs for the lease', async () => {
    const gateway = await start('gateway');
    expect(await readinessOf(gateway)).toMatchObject({ ready: true, writing: false });
    const writer = await start('writer');
    await holds(async () => (await readinessOf(writer))['ready'] === true);
    expect(await readinessOf(gateway)).toMatchObject({ writing: false });

    const key = await readRootAccessKey(home);
    const ecs = new ECSClient({ endpoint: gateway, region: 'us-east-1', credentials: key, maxAttempts: 1 });
    await ecs.send(new CreateClusterCommand({ clusterName: 'through' }));
    const { clusters } = await ecs.send(new DescribeClustersCommand({ clusters: ['through'] }));
    expect(clusters?.map(({ status }) => status)).toEqual(['ACTIVE']);
    ecs.destroy();
  });

  test('a process without the API has its health pages, and leaves the witness to the writer', async () => {
    const ownHome = path.join(home, 'projections');
    const projections = await start('projections', ownHome);
    expect((await fetch(`${projections}/livez`)).status).toBe(200);
    expect(await readinessOf(projections)).toMatchObject({ ready: true, writing: false });
    expect((await fetch(`${projections}/metrics`)).status).toBe(200);
    const api = await fetch(projections, { method: 'POST', headers: { 'x-amz-target': 'a.ListClusters' }, body: '{}' });
    expect(api.status).toBe(404);
    await running.pop()?.stop();
    expect((await readdir(path.join(ownHome, 'witness'))).filter((name) => !name.includes('.tail-'))).toEqual([]);
    expect((await readdir(path.join(home, 'witness'))).includes('shards.json')).toBe(true);
  });
});
