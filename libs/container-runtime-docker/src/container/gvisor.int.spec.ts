import { existsSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { OwnContainerSpec } from '#libs/container-runtime';
import {
  busyboxImage,
  joiningSpecOf,
  pauseSpecOf,
  removeContainers,
  runContainer,
  startContainer,
  type TestImage,
} from '#libs/testing';
import { newInstanceId } from '../../spec/docker-under-test.ts';
import { startPrivateEngine, type PrivateEngine } from '../../spec/private-engine.ts';
import { DockerRuntime } from '../docker-runtime.ts';
import { openFilesHere } from './open-files.ts';

/** An engine of its own, and a kernel in user space, on a busy machine. */
jest.setTimeout(120_000);

const RUNSC = '/usr/bin/runsc';
/** gVisor is a package of its own, and the second engine needs root. */
const describeWithGvisor = existsSync(RUNSC) && process.getuid?.() === 0 ? describe : describe.skip;

describeWithGvisor('FARGATE tasks under gVisor', () => {
  const instanceId = newInstanceId();
  let engine: PrivateEngine;
  let runtime: DockerRuntime;
  let image: TestImage;
  beforeAll(async () => {
    // ptrace needs nothing of the machine; a task's containers find each other on the loopback of the task's own network.
    const runsc = { path: RUNSC, runtimeArgs: ['--platform=ptrace', '--network=host'] };
    engine = await startPrivateEngine({ runtimes: { runsc } });
    const docker = { socketPath: engine.socketPath };
    runtime = new DockerRuntime({ instanceId, isolation: 'gvisor', docker, network: { warmInterfaces: { size: 0 } } });
    image = await busyboxImage(engine.docker);
  });
  afterEach(() => removeContainers(runtime));
  afterAll(async () => {
    await runtime.close();
    await engine.stop();
  });

  async function outputOf(spec: OwnContainerSpec): Promise<string> {
    await runContainer(runtime, spec);
    return (await engine.docker.getContainer(spec.runtimeName).logs({ stdout: true, stderr: true })).toString();
  }

  const fargate = (spec: OwnContainerSpec, line: string, name = 'app'): OwnContainerSpec => ({
    ...spec,
    launchType: 'FARGATE',
    containerName: name,
    runtimeName: `${spec.runtimeName}-${name}`,
    taskLimits: { cpu: 256, memoryMiB: 256 },
    container: { ...spec.container, name, command: ['sh', '-c', line] },
  });

  test('have a kernel of their own, the limits of their task, and its network in common', async () => {
    expect((await runtime.info()).osType).toBe('linux');
    const pause = pauseSpecOf({ instanceId });
    await startContainer(runtime, pause);
    const spec = joiningSpecOf(pause, image.name);
    const server = fargate(spec, 'echo hello > /tmp/a; nc -l -p 8080 < /tmp/a', 'server');
    expect(await startContainer(runtime, server)).toMatchObject({ phase: 'RUNNING' });
    const client = 'dmesg | head -1; ulimit -n; until nc 127.0.0.1 8080 < /dev/null; do sleep 0.1; done';
    const output = await outputOf(fargate(spec, client, 'client'));
    expect(output).toContain('Starting gVisor');
    expect(output).toContain(String(await openFilesHere()));
    expect(output).toContain('hello');
  });

  test('are killed when their task needs more memory than it has', async () => {
    const pause = pauseSpecOf({ instanceId });
    await startContainer(runtime, pause);
    const spec = fargate(joiningSpecOf(pause, image.name), 'exec tail /dev/zero');
    expect(await runContainer(runtime, spec)).toMatchObject({
      exitCode: 137,
      reason: 'OutOfMemoryError: Container killed due to memory usage',
    });
  });

  test('of launch type EC2 share the kernel of their host', async () => {
    const pause = pauseSpecOf({ instanceId });
    await startContainer(runtime, pause);
    const spec = fargate(joiningSpecOf(pause, image.name), 'cat /proc/version');
    expect(await outputOf({ ...spec, launchType: 'EC2' })).not.toContain('4.4.0');
  });

  test('cannot share processes', async () => {
    const spec = fargate(joiningSpecOf(pauseSpecOf({ instanceId }, { sharesPid: true }), image.name), 'true');
    await expect(runtime.create(spec)).rejects.toMatchObject({
      detail: 'pidMode with the isolation gvisor is not supported by this agent',
    });
  });
});

const testAsRoot = process.getuid?.() === 0 ? test : test.skip;

testAsRoot('an engine without gVisor opens no session', async () => {
  const engine = await startPrivateEngine({});
  const runtime = new DockerRuntime({
    instanceId: newInstanceId(),
    isolation: 'gvisor',
    docker: { socketPath: engine.socketPath },
  });
  try {
    await expect(runtime.info()).rejects.toMatchObject({
      retry: true,
      detail: expect.stringContaining('package runsc'),
    });
  } finally {
    await runtime.close();
    await engine.stop();
  }
});
