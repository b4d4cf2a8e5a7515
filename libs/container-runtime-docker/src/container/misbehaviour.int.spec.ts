import { readdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, jest, test } from '@jest/globals';
import { eventually } from '#libs/testing';
import { dockerUnderTest } from '../../spec/docker-under-test.ts';

/** A real engine on a busy machine. */
jest.setTimeout(60_000);

const MIB = 2 ** 20;
const testAsRoot = process.getuid?.() === 0 ? test : test.skip;

describe('a container that misbehaves', () => {
  const { docker, runtime, specOf, ended, run } = dockerUnderTest();

  test('crashes: the signal is its exit code, and no reason is made up', async () => {
    const observation = await run(
      specOf({ command: ['sh', '-c', 'kill -SEGV $$'], linuxParameters: { initProcessEnabled: true } }),
    );
    expect(observation).toMatchObject({ phase: 'STOPPED', exitCode: 139 });
    expect(observation).not.toHaveProperty('reason');
  });

  test('ends before anybody looks at it', async () => {
    const { runtimeId } = await runtime.create(specOf({ command: ['false'] }));
    await runtime.start(runtimeId);
    expect(await ended(runtimeId)).toMatchObject({ exitCode: 1, startedAt: expect.any(Number) });
  });

  test('has no program: it never ran', async () => {
    const spec = specOf({ entryPoint: ['/no/such/program'], command: ['a'] });
    const { runtimeId } = await runtime.create(spec);
    await expect(runtime.start(runtimeId)).rejects.toMatchObject({ name: 'CannotStartContainerError', retry: false });
    const seen = await runtime.inspect(runtimeId);
    expect(seen).not.toHaveProperty('startedAt');
    expect(seen).not.toHaveProperty('exitCode');
  });

  test('a user or a working directory that cannot be', async () => {
    const { runtimeId } = await runtime.create(specOf({ command: ['true'], user: 'nobody-by-this-name' }));
    await expect(runtime.start(runtimeId)).rejects.toMatchObject({
      name: 'CannotStartContainerError',
      detail: expect.stringContaining('nobody-by-this-name'),
    });
    await expect(runtime.create(specOf({ command: ['true'], workingDirectory: 'not/absolute' }))).rejects.toMatchObject(
      {
        name: 'CannotCreateContainerError',
        retry: false,
      },
    );
  });

  test('needs more memory than it has', async () => {
    const spec = specOf({ command: ['tail', '/dev/zero'], memory: 8, linuxParameters: { maxSwap: 0 } });
    expect(await run(spec)).toMatchObject({
      exitCode: 137,
      reason: 'OutOfMemoryError: Container killed due to memory usage',
    });
  });

  test('does not heed the stop signal', async () => {
    const { runtimeId } = await runtime.create(
      specOf({ command: ['sh', '-c', 'trap "" TERM; echo deaf; while :; do sleep 1; done'], stopTimeout: 2 }),
    );
    await runtime.start(runtimeId);
    // Until then, whoever starts the program ends by the signal.
    await eventually(
      async () => (await docker.getContainer(runtimeId).logs({ stdout: true })).toString(),
      (output) => output.includes('deaf'),
    );
    await runtime.signal(runtimeId);
    // How long that may take is the core's business; a signal does not wait.
    expect(await runtime.inspect(runtimeId)).toMatchObject({ phase: 'RUNNING', stopTimeoutSeconds: 2 });
    await runtime.kill(runtimeId);
    const killed = await ended(runtimeId);
    expect(killed).toMatchObject({ exitCode: 137 });
    expect(killed).not.toHaveProperty('reason');
  });

  test('fills its volume: its own failure, and no other', async () => {
    const dockerVolumeConfiguration = {
      scope: 'task' as const,
      driverOpts: { type: 'tmpfs', device: 'tmpfs', o: 'size=1m' },
    };
    const volumes = [{ name: 'small', dockerVolumeConfiguration }];
    const mountPoints = [{ sourceVolume: 'small', containerPath: '/data' }];
    const command = ['sh', '-c', 'dd if=/dev/zero of=/data/a bs=1M count=2 || exit 28'];
    const observation = await run(specOf({ mountPoints, command }, { volumes }));
    expect(observation).toMatchObject({ phase: 'STOPPED', exitCode: 28 });
    expect(observation).not.toHaveProperty('reason');
  });

  testAsRoot('writes without end: what is kept of it is bounded', async () => {
    // More than both files together hold; without line ends, so that the engine has few lines to write.
    const command = ['sh', '-c', `dd if=/dev/zero bs=64k count=${(120 * MIB) / (64 * 1024)} | tr "\\0" x`];
    const spec = specOf({ command });
    expect(await run(spec)).toMatchObject({ exitCode: 0 });
    const { LogPath } = await docker.getContainer(spec.runtimeName).inspect();
    const names = (await readdir(dirname(LogPath))).filter((name) => name.includes('json.log'));
    const sizes = await Promise.all(names.map(async (name) => (await stat(join(dirname(LogPath), name))).size));
    expect(names).toHaveLength(2);
    for (const size of sizes) expect(size).toBeLessThan(51 * MIB);
  });
});
