import { CreateClusterCommand, ListClustersCommand } from '@aws-sdk/client-ecs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { NatsConnection } from '@nats-io/transport-node';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { pino } from 'pino';
import { journal } from '#libs/subjects';
import { controlPlaneNatsEnv, readSettings } from '#libs/platform';
import { damageJournal, testNatsServer } from '#libs/testing';
import type { TestNatsServer } from '#libs/testing';
import { LogDamaged } from '../src/journal/journal-damage.ts';
import { startControlPlane } from '../src/start-control-plane.ts';
import { holds, testControlPlane } from './test-control-plane.ts';
import type { TestControlPlane } from './test-control-plane.ts';

jest.setTimeout(120_000);

const ACCOUNT = '000000000000';

let nats: TestNatsServer;
let control: NatsConnection;
let home: string;
beforeEach(async () => {
  nats = await testNatsServer();
  control = await nats.connect();
  home = await mkdtemp(path.join(tmpdir(), 'waybill-damaged-'));
});
afterEach(async () => {
  await nats.stop();
  await rm(home, { recursive: true, force: true });
});

async function recordClusters({ ecs, isReady }: TestControlPlane, ...names: string[]): Promise<void> {
  await holds(isReady);
  for (const clusterName of names) await ecs.send(new CreateClusterCommand({ clusterName }));
}

async function readiness({ endpoint }: TestControlPlane): Promise<Record<string, unknown>> {
  return (await (await fetch(`${endpoint}/readyz`)).json()) as Record<string, unknown>;
}

function start() {
  const settings = readSettings({ WAYBILL_HOME: home, WAYBILL_PORT: '0' });
  return startControlPlane(settings, controlPlaneNatsEnv(nats), pino({ level: 'silent' }));
}

describe('a flipped bit in the log', () => {
  test('is reported by the start, with what, where and what to do, and ends it', async () => {
    const before = await testControlPlane(nats);
    await recordClusters(before, ...Array.from({ length: 20 }, (_, index) => `c${index}`));
    await before.stop();
    await damageJournal(nats, control, 'SIGTERM');
    const error = await start().then(
      () => null,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(LogDamaged);
    expect(String(error)).toMatch(
      /the log is damaged: .*(message \d+ of the journal comes after \d+|holds \d+ commits).*lost.*files are below \/.*jetstream.*waybill doctor/,
    );
  });
});

describe('a small file of the journal’s store that is damaged', () => {
  const metaOf = (stream: string): string =>
    path.join(nats.home, 'nats', 'jetstream', 'WAYBILL', 'streams', stream, 'meta.inf');

  async function damage(stream: string): Promise<void> {
    // The witness of this start is the next one's.
    const before = await testControlPlane(nats, home);
    await recordClusters(before, 'blue');
    await before.stop();
    const { pid } = nats.server;
    nats.server.signal('SIGSTOP');
    await writeFile(metaOf(stream), 'garbage');
    nats.server.signal('SIGKILL');
    await holds(() => nats.server.pid !== null && nats.server.pid !== pid);
  }

  test('the journal’s own: it is not made anew, and the start says that it is missing', async () => {
    await damage('WAYBILL');
    await expect(start()).rejects.toThrow(
      /the log is damaged: nats-server has no stream WAYBILL, though commits were acknowledged.*its log says why.*waybill doctor/,
    );
  });

  test.each(['KV_WAYBILL_LEASES', 'KV_WAYBILL_CURSORS'])(
    '%s holds nothing that is needed: it is made anew',
    async (stream) => {
      await damage(stream);
      const again = await start();
      await holds(async () => (await fetch(`http://127.0.0.1:${again.port}/readyz`)).status === 200);
      await again.stop();
    },
  );
});

describe('a message that is not a commit', () => {
  test('on the subject of a cluster’s shard stops that cluster alone, and readyz says which', async () => {
    const controlPlane = await testControlPlane(nats);
    await recordClusters(controlPlane, 'blue', 'green');
    await control.request(journal.shard(`ecs.${ACCOUNT}.blue`), 'not a commit');
    await controlPlane.stop();
    const again = await testControlPlane(nats);
    try {
      const halted = [`ecs.${ACCOUNT}.blue`];
      await holds(async () => (await readiness(again))['writing'] === true);
      expect(await readiness(again)).toMatchObject({ ready: false, journalReadable: true, haltedShards: halted });
      await again.ecs.send(new CreateClusterCommand({ clusterName: 'red' }));
      const { clusterArns } = await again.ecs.send(new ListClustersCommand({}));
      expect(clusterArns?.map((arn) => arn.split('/')[1]).sort()).toEqual(['blue', 'default', 'green', 'red']);
      const metrics = await (await fetch(`${again.endpoint}/metrics`)).text();
      expect(metrics).toMatch(/^waybill_foreign_messages_total [1-9]/m);
    } finally {
      await again.stop();
    }
  });

  test('beside the shards stops nothing', async () => {
    await control.request('$JS.API.STREAM.INFO.WAYBILL', '');
    const controlPlane = await testControlPlane(nats);
    await recordClusters(controlPlane, 'blue');
    await control.request(journal.shard('x'), 'not a commit');
    await controlPlane.stop();
    const again = await testControlPlane(nats);
    try {
      await recordClusters(again, 'green');
    } finally {
      await again.stop();
    }
  });
});

describe('readyz', () => {
  test('is false while the journal cannot be read, and true again afterwards', async () => {
    const controlPlane = await testControlPlane(nats);
    try {
      await holds(controlPlane.isReady);
      nats.server.signal('SIGSTOP');
      await holds(async () => (await readiness(controlPlane))['journalReadable'] === false);
      expect(await readiness(controlPlane)).toMatchObject({ ready: false, writing: false });
      nats.server.signal('SIGCONT');
      await holds(controlPlane.isReady);
    } finally {
      await controlPlane.stop();
    }
  });
});
