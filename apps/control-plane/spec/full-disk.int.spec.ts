import { execFile } from 'node:child_process';
import { mkdtemp, rm, statfs, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { RegisterTaskDefinitionCommand, ListTaskDefinitionsCommand } from '@aws-sdk/client-ecs';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { testNatsServer } from '#libs/testing';
import type { TestNatsServer } from '#libs/testing';
import { holds, testControlPlane } from './test-control-plane.ts';
import type { TestControlPlane } from './test-control-plane.ts';

/* A real nats-server on a disk of its own, small enough to be filled. Mounting it takes root, as Docker does. */

jest.setTimeout(180_000);

const run = promisify(execFile);
const MIB = 1024 * 1024;
const DISK_MIB = 64;

let disk: string;
let nats: TestNatsServer;
let controlPlane: TestControlPlane;
beforeEach(async () => {
  disk = await mkdtemp(path.join(tmpdir(), 'waybill-disk-'));
  await run('mount', ['-t', 'tmpfs', '-o', `size=${DISK_MIB}m`, 'tmpfs', disk]);
  nats = await testNatsServer({ folder: disk });
  controlPlane = await testControlPlane(nats);
  await holds(controlPlane.isReady);
});
afterEach(async () => {
  await controlPlane?.stop();
  await nats?.stop();
  await run('umount', [disk]);
  await rm(disk, { recursive: true, force: true });
});

async function freeBytes(): Promise<number> {
  const { bavail, bsize } = await statfs(disk);
  return bavail * bsize;
}

/** Other programs' files, so that so much is left. */
async function leave(bytes: number): Promise<void> {
  await writeFile(path.join(disk, 'filler'), Buffer.alloc(Math.max(0, (await freeBytes()) - bytes)));
}

/** A commit of some 50 KiB. */
async function register(family: string): Promise<string> {
  const environment = [{ name: 'A', value: 'x'.repeat(50_000) }];
  const containerDefinitions = [{ name: 'app', image: 'app:1', memory: 4, environment }];
  const { taskDefinition } = await controlPlane.ecs.send(
    new RegisterTaskDefinitionCommand({ family, containerDefinitions }),
  );
  return taskDefinition?.taskDefinitionArn ?? '';
}

async function metric(name: string): Promise<number> {
  const text = await (await fetch(`${controlPlane.endpoint}/metrics`)).text();
  return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]);
}

describe('the disk of the journal', () => {
  test('when it is full commands are refused, and readyz says so; with room again, writing goes on by itself', async () => {
    await leave(MIB);
    const recorded: string[] = [];
    const fill = async (): Promise<void> => {
      for (let index = 0; index < 100; index++) recorded.push(await register(`f${index}`));
    };
    await expect(fill()).rejects.toMatchObject({ $metadata: { httpStatusCode: expect.any(Number) } });
    await holds(async () => !(await controlPlane.isReady()));
    await holds(async () => (await metric('waybill_journal_room_bytes')) < MIB);
    expect(await metric('waybill_journal_used_ratio')).toBeGreaterThan(0.8);

    await rm(path.join(disk, 'filler'));
    await holds(controlPlane.isReady);
    recorded.push(await register('after'));
    const { taskDefinitionArns } = await controlPlane.ecs.send(new ListTaskDefinitionsCommand({ maxResults: 100 }));
    expect(taskDefinitionArns).toEqual(expect.arrayContaining(recorded));
  });

  test('may be more than half full at a start: nats-server goes on writing after a restart', async () => {
    for (let index = 0; index < 120; index++) await register('large');
    // Three quarters of what is free are less than the journal has: nats-server's own limit would end it here.
    await leave(4 * MIB);
    const { pid } = nats.server;
    nats.server.signal('SIGTERM');
    await holds(() => nats.server.pid !== null && nats.server.pid !== pid);
    await holds(async () => (await register('again').catch(() => '')) !== '');
    const varz = await (await fetch(`${nats.monitorUrl}/varz`)).json();
    expect(varz).toMatchObject({ jetstream: { config: { max_storage: DISK_MIB * MIB, max_memory: 256 * MIB } } });
  });
});
