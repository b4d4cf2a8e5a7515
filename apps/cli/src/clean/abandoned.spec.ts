import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { StackContainer } from '#libs/container-runtime-docker';
import { ensureInstanceId } from '#libs/platform';
import { NO_PROCESSES, writeEndpoint } from '../home/endpoint-file.ts';
import { abandoned } from './abandoned.ts';

let home: string;
beforeEach(async () => void (home = await mkdtemp(join(tmpdir(), 'waybill-clean-'))));
afterEach(() => rm(home, { recursive: true, force: true }));

function containerOf(instanceId: string): StackContainer {
  return { runtimeId: 'c', name: 'ecs-web', image: 'web', taskArn: 'arn', state: 'running', instanceId, home };
}

const isAbandoned = async (instanceId: string): Promise<boolean> =>
  (await abandoned([containerOf(instanceId)])).length === 1;

describe('a container', () => {
  test('of a data folder that is gone is abandoned', async () => {
    await rm(home, { recursive: true });
    expect(await isAbandoned('i1')).toBe(true);
  });

  test('of the container instance that the data folder drew is not; after a new start there it is', async () => {
    const instanceId = await ensureInstanceId(home);
    expect(await isAbandoned(instanceId)).toBe(false);
    await rm(join(home, 'agent'), { recursive: true });
    await ensureInstanceId(home);
    expect(await isAbandoned(instanceId)).toBe(true);
  });

  test('of a container instance that was named by hand is not', async () => {
    const endpoint = 'http://127.0.0.1:1';
    const place = { endpoint, port: 1, natsUrl: 'nats://x', region: 'r', account: '1', startedAt: null };
    await writeEndpoint(home, { ...place, natsMonitorUrl: 'http://x', instanceId: 'rack-7', pids: NO_PROCESSES });
    expect(await isAbandoned('rack-7')).toBe(false);
    expect(await isAbandoned('rack-8')).toBe(true);
  });

  test('is kept where it cannot be told', async () => {
    expect(await isAbandoned('i1')).toBe(false);
    await ensureInstanceId(home);
    await writeFile(join(home, 'agent', 'instance-id'), 'damaged');
    expect(await isAbandoned('i1')).toBe(false);
  });
});
