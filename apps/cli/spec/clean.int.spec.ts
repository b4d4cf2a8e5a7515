import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { DockerRuntime, type StackContainer } from '#libs/container-runtime-docker';
import { ensureInstanceId } from '#libs/platform';
import { busyboxImage, CONTRACT_COMMANDS, containerSpecOf, type TestImage } from '#libs/testing';
import { waybill } from './running-cli.ts';

jest.setTimeout(60_000);

interface Cleaned {
  readonly removed: boolean;
  readonly containers: readonly StackContainer[];
}

describe('waybill clean', () => {
  let home: string;
  let image: TestImage;
  let runtime: DockerRuntime;
  let instanceId: string;
  let runtimeId: string;

  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'waybill-clean-'));
    image = await busyboxImage();
    instanceId = await ensureInstanceId(home);
    runtime = new DockerRuntime({ instanceId, home });
    const spec = containerSpecOf({ instanceId, image: image.name }, { command: CONTRACT_COMMANDS.obedient });
    ({ runtimeId } = await runtime.create(spec));
    await runtime.start(runtimeId);
  });

  afterAll(async () => {
    await runtime.remove(runtimeId);
    await runtime.close();
    await image.remove();
    await rm(home, { recursive: true, force: true });
  });

  async function clean(...args: string[]): Promise<readonly string[]> {
    const { code, stdout, stderr } = await waybill(['clean', '-o', 'json', ...args]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    return (JSON.parse(stdout) as Cleaned).containers.map((container) => container.runtimeId);
  }

  test('leaves the containers of a data folder that is there alone', async () => {
    expect(await clean()).not.toContain(runtimeId);
    expect(await runtime.inspect(runtimeId)).toMatchObject({ phase: 'RUNNING' });
  });

  test('lists and removes them once it is gone', async () => {
    await rm(home, { recursive: true });
    expect(await clean('--dry-run')).toContain(runtimeId);
    expect(await runtime.inspect(runtimeId)).toMatchObject({ phase: 'RUNNING' });
    expect(await clean()).toContain(runtimeId);
    expect(await runtime.inspect(runtimeId)).toBeNull();
    expect(await clean()).not.toContain(runtimeId);
  });

  test('says so when no engine answers', async () => {
    const { code, stderr } = await waybill(['clean'], { DOCKER_HOST: 'unix:///nonexistent.sock' });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^waybill: the Docker engine does not answer: .*\n$/);
  });
});
