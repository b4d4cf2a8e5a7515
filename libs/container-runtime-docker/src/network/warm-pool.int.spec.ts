import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { PauseSpec } from '#libs/container-runtime';
import {
  busyboxImage,
  eventually,
  joiningSpecOf,
  pauseSpecOf,
  type TestImage,
  outputIn,
  removeNetwork,
  startContainer,
} from '#libs/testing';
import Docker from 'dockerode';
import { newInstanceId, newTaskNetwork } from '../../spec/docker-under-test.ts';
import { DockerRuntime } from '../docker-runtime.ts';

/** A real engine on a busy machine. */
jest.setTimeout(90_000);

describe('addresses that are ready before there is a task', () => {
  const docker = new Docker();
  const { name, vpcCidr } = newTaskNetwork();
  const instanceId = newInstanceId();
  const runtimeOf = (size: number): DockerRuntime => {
    const network = { name, vpcCidr, warmInterfaces: { size, refillPerSecond: 50 } };
    const runtime = new DockerRuntime({ instanceId, network });
    runtimes.push(runtime);
    return runtime;
  };
  const runtimes: DockerRuntime[] = [];
  let image: TestImage;

  beforeAll(async () => {
    image = await busyboxImage();
  });
  afterEach(async () => {
    for (const runtime of runtimes.splice(0)) await runtime.close();
    for (const { Id } of await ours()) await docker.getContainer(Id).remove({ force: true });
  });
  afterAll(async () => {
    await removeNetwork(docker, name);
    await image.remove();
  });

  const ours = (): Promise<Docker.ContainerInfo[]> =>
    docker.listContainers({ all: true, filters: { label: [`waybill.instance-id=${instanceId}`] } });
  const waiting = async (): Promise<readonly string[]> =>
    (await ours()).flatMap(({ Id, State, Names }) =>
      State === 'running' && Names[0]?.startsWith('/ecs-warm-') === true ? [Id] : [],
    );
  const ready = (count: number): Promise<readonly string[]> => eventually(waiting, ({ length }) => length === count);
  const newTask = (subnet = 'subnet-1'): PauseSpec =>
    pauseSpecOf({ instanceId }, { network: { subnets: [subnet], securityGroups: [] } });

  test('are taken by the next tasks, and made again', async () => {
    const runtime = runtimeOf(2);
    expect(await waiting()).toEqual([]);
    const first = await startContainer(runtime, newTask());
    const two = await ready(2);
    const spec = newTask('subnet-9');
    const created = await runtime.create(spec);
    expect(two).toContain(created.runtimeId);
    expect(created).toMatchObject({
      phase: 'RUNNING',
      networkInterface: { subnetId: 'subnet-9', privateIpv4Address: expect.any(String) },
    });
    expect(await runtime.start(created.runtimeId)).toEqual(created);
    expect(created.networkInterface?.privateIpv4Address).not.toBe(first.networkInterface?.privateIpv4Address);
    const refilled = await ready(2);
    expect(refilled).not.toContain(created.runtimeId);
    // Those that wait are nobody's.
    expect((await runtime.list()).map(({ taskId, containerName }) => [taskId, containerName])).toEqual(
      expect.arrayContaining([[spec.taskId, spec.containerName]]),
    );
    expect(await runtime.list()).toHaveLength(2);
  });

  test('are known by the name of their task in every call', async () => {
    const runtime = runtimeOf(1);
    await startContainer(runtime, newTask());
    await ready(1);
    const spec = newTask();
    const created = await runtime.create(spec);
    expect(await runtime.create(spec)).toEqual(created);
    expect(await runtime.inspect(spec.runtimeName)).toEqual(created);
    const joining = joiningSpecOf(spec, image.name, { command: ['sleep', '3600'] });
    await runtime.create(joining);
    await runtime.start(joining.runtimeName);
    expect(await outputIn(docker, joining.runtimeName, 'hostname', '-i')).toBe(
      created.networkInterface?.privateIpv4Address,
    );
    const heard: string[] = [];
    const connected = new Promise<void>((resolve) => {
      runtime.subscribe({
        onEvent: (hint) => void heard.push(`${hint.taskId}/${hint.containerName}`),
        onConnected: resolve,
      });
    });
    await connected;
    expect(await runtime.kill(spec.runtimeName)).toMatchObject({ runtimeId: created.runtimeId });
    await eventually(
      () => Promise.resolve(heard),
      (hints) => hints.includes(`${spec.taskId}/${spec.containerName}`),
    );
    await runtime.remove(spec.runtimeName);
    expect(await runtime.inspect(spec.runtimeName)).toBeNull();
  });

  test('stay for the agent that comes after, with those that were taken', async () => {
    const before = runtimeOf(2);
    await startContainer(before, newTask());
    await ready(2);
    const spec = newTask('subnet-7');
    const taken = await before.create(spec);
    const left = await ready(2);
    await before.close();

    const after = runtimeOf(2);
    expect(await after.inspect(spec.runtimeName)).toEqual(taken);
    expect(await after.create(spec)).toEqual(taken);
    expect(await after.list()).toHaveLength(2);
    expect(left).toContain((await after.create(newTask())).runtimeId);
  });

  test('that have ended meanwhile are not given to a task', async () => {
    const runtime = runtimeOf(1);
    await startContainer(runtime, newTask());
    const [ended = ''] = await ready(1);
    await docker.getContainer(ended).kill();
    const seen = await startContainer(runtime, newTask());
    expect(seen).toMatchObject({ phase: 'RUNNING' });
    expect(seen.runtimeId).not.toBe(ended);
  });

  test('are not for tasks that share more than their network', async () => {
    const runtime = runtimeOf(1);
    await startContainer(runtime, newTask());
    const [warm = ''] = await ready(1);
    const spec = pauseSpecOf({ instanceId }, { sharesIpc: true });
    expect((await runtime.create(spec)).runtimeId).not.toBe(warm);
  });

  test('are not made where none are asked for, and those of before go', async () => {
    const before = runtimeOf(1);
    await startContainer(before, newTask());
    const [left] = await ready(1);
    await before.close();
    const after = runtimeOf(0);
    expect((await startContainer(after, newTask())).runtimeId).not.toBe(left);
    await ready(0);
  });
});
