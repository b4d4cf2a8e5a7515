import { CreateClusterCommand, ECSClient, RegisterTaskDefinitionCommand } from '@aws-sdk/client-ecs';
import { cp, open } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { pino } from 'pino';
import { controlPlaneNatsEnv, readRootAccessKey, readSettings } from '#libs/platform';
import { testNatsServer } from '#libs/testing';
import type { TestNatsServer } from '#libs/testing';
import { startControlPlane } from '../src/start-control-plane.ts';
import type { RunningControlPlane } from '../src/start-control-plane.ts';
import { holds } from './test-control-plane.ts';

jest.setTimeout(120_000);

let nats: TestNatsServer;
beforeEach(async () => void (nats = await testNatsServer()));
afterEach(async () => await nats.stop());

function start(home: string, onFatal: (error: Error) => void): Promise<RunningControlPlane> {
  const settings = readSettings({ WAYBILL_HOME: home, WAYBILL_PORT: '0' });
  return startControlPlane(settings, controlPlaneNatsEnv(nats), pino({ level: 'silent' }), { onFatal });
}

/** What a kill of everything leaves of the witness: the files as they are at this moment, none of them closed or synced. */
async function copyOfWitness(from: string, to: string): Promise<void> {
  await cp(path.join(from, 'witness'), path.join(to, 'witness'), {
    recursive: true,
    // Half a whole file, which a kill would leave and nobody reads.
    filter: (source) => !source.endsWith('.tmp'),
  });
}

/** Damages the last record of the journal while the server is dead, so that it drops the record when it comes back. */
async function damageLastRecord(): Promise<void> {
  const file = path.join(nats.home, 'nats', 'jetstream', 'WAYBILL', 'streams', 'WAYBILL', 'msgs', '1.blk');
  const handle = await open(file, 'r+');
  const { size } = await handle.stat();
  const byte = Buffer.alloc(1);
  await handle.read(byte, 0, 1, size - 40);
  byte.writeUInt8(byte.readUInt8() ^ 1);
  await handle.write(byte, 0, 1, size - 40);
  await handle.close();
}

describe('the last commit that was acknowledged is damaged, and everything was killed at once', () => {
  test.each([
    [
      'of the account',
      (name: string) =>
        new RegisterTaskDefinitionCommand({ family: name, containerDefinitions: [{ name, image: 'x', memory: 4 }] }),
    ],
    ['of a cluster', (name: string) => new CreateClusterCommand({ clusterName: name })],
  ])('%s: the next start notices it before it responds to anybody', async (_what, command) => {
    const home = path.join(nats.home, 'first');
    // It outlives its server here, and finds that the log is shorter than what it has seen.
    const running = await start(home, () => {});
    const endpoint = `http://127.0.0.1:${running.port}`;
    const credentials = await readRootAccessKey(home);
    const ecs = new ECSClient({ endpoint, region: 'us-east-1', credentials, maxAttempts: 1 });
    await holds(async () => (await fetch(`${endpoint}/readyz`)).status === 200);
    await ecs.send(command('a') as CreateClusterCommand);
    // Everything before this command is in the synced witness; what follows is not.
    await new Promise((resolve) => setTimeout(resolve, 400));
    await ecs.send(command('b') as CreateClusterCommand);
    const after = path.join(nats.home, 'after');
    await copyOfWitness(home, after);
    nats.server.signal('SIGSTOP');
    await damageLastRecord();
    const { pid } = nats.server;
    nats.server.signal('SIGKILL');
    await holds(() => nats.server.pid !== null && nats.server.pid !== pid);
    ecs.destroy();
    await running.stop();

    const started: Promise<RunningControlPlane>[] = [];
    const fatal = await new Promise<Error>((resolve, reject) => {
      const next = start(after, resolve);
      next.catch(reject);
      started.push(next);
    });
    expect(String(fatal)).toMatch(/the log is damaged: .*ends at commit \d+, but commit \d+ was acknowledged/);
    for (const next of started) await (await next).stop();
  });
});
