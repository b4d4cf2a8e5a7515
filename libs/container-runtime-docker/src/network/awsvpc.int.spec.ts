import { connect } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { ContainerObservation, ContainerSpec, PauseSpec } from '#libs/container-runtime';
import type { TaskNetworkInterface } from '#libs/ecs/messages';
import {
  busyboxImage,
  eventually,
  joiningSpecOf,
  pauseSpecOf,
  type TestImage,
  outputIn,
  problemOf,
  removeContainers,
  removeNetwork,
  startContainer,
} from '#libs/testing';
import Docker from 'dockerode';
import { dockerUnderTest, newInstanceId, newTaskNetwork } from '../../spec/docker-under-test.ts';
import { DockerRuntime } from '../docker-runtime.ts';
import { PAUSE_IMAGE } from './pause-image.ts';

/** A real engine on a busy machine. */
jest.setTimeout(90_000);

const SERVES = ['sh', '-c', 'mkdir -p /w; hostname -i > /w/index.html; exec httpd -f -p 80 -h /w'];
const SLEEPS = ['sleep', '3600'];

describe('tasks with an address of their own', () => {
  const docker = new Docker();
  const instanceId = newInstanceId();
  const context = { instanceId };
  const { name: network, vpcCidr } = newTaskNetwork();
  const subnets = {
    'subnet-a': `${vpcCidr.replace(/\.0\/24$/, '.16/28')}`,
    'subnet-b': vpcCidr.replace(/\.0\/24$/, '.64/27'),
  };
  const options = { instanceId, network: { name: network, vpcCidr, subnets, warmInterfaces: { size: 0 } } };
  let runtime: DockerRuntime;
  let image: TestImage;

  beforeAll(async () => {
    image = await busyboxImage();
  });
  beforeEach(() => {
    runtime = new DockerRuntime(options);
  });
  afterEach(async () => {
    await removeContainers(runtime);
    await runtime.close();
  });
  afterAll(async () => {
    await removeNetwork(docker, network);
    await image.remove();
  });

  const started = (spec: ContainerSpec, on = runtime): Promise<ContainerObservation> => startContainer(on, spec);
  const pauseIn = (subnet: string): PauseSpec => pauseSpecOf(context, { network: { subnets: [subnet] } });
  const interfaceOf = ({ networkInterface }: ContainerObservation): TaskNetworkInterface => {
    if (networkInterface === undefined) throw new Error('no interface');
    return networkInterface;
  };
  const fetchFrom = (runtimeId: string, url: string): Promise<string> =>
    eventually(
      () => outputIn(docker, runtimeId, 'wget', '-q', '-O', '-', url),
      (text) => /^[\d.]+$/.test(text),
    );

  test('serve the same port side by side, for each other, for the host and for themselves', async () => {
    const pauses = [pauseIn('subnet-a'), pauseIn('subnet-b')];
    const [one, other] = await Promise.all(pauses.map((spec) => started(spec)));
    if (one === undefined || other === undefined) throw new Error('two tasks');
    const [a, b] = [interfaceOf(one), interfaceOf(other)];
    expect(a).toEqual({
      subnetId: 'subnet-a',
      privateIpv4Address: expect.stringMatching(/^[\d.]+\.(?:2\d|30)$/),
      macAddress: expect.stringMatching(/^[0-9a-f:]{17}$/),
    });
    expect(b.subnetId).toBe('subnet-b');
    expect(b.privateIpv4Address).toMatch(/\.(?:6[89]|[78]\d|9[0-4])$/);
    const servers = pauses.map((pause) =>
      started(
        joiningSpecOf(pause, image.name, { name: 'web', command: SERVES, portMappings: [{ containerPort: 80 }] }),
      ),
    );
    await Promise.all(servers);
    const [first] = pauses;
    if (first === undefined) throw new Error('a task');
    const client = await started(joiningSpecOf(first, image.name, { name: 'client', command: SLEEPS }));
    expect(await fetchFrom(client.runtimeId, 'http://127.0.0.1/')).toBe(a.privateIpv4Address);
    expect(await fetchFrom(client.runtimeId, `http://${b.privateIpv4Address}/`)).toBe(b.privateIpv4Address);
    await new Promise<void>((resolve, reject) => {
      const socket = connect(80, a.privateIpv4Address, () => {
        socket.destroy();
        resolve();
      });
      socket.on('error', reject);
    });
    expect(await outputIn(docker, client.runtimeId, 'cat', '/etc/resolv.conf')).toContain('nameserver 127.0.0.11');
    expect(await outputIn(docker, client.runtimeId, 'nslookup', pauses[1]?.runtimeName ?? '')).toContain(
      b.privateIpv4Address,
    );
    expect(await runtime.list()).toHaveLength(5);
  });

  test('keep their address while the agent is replaced, and are shown as before', async () => {
    const spec = pauseIn('subnet-a');
    const before = await started(spec);
    const next = new DockerRuntime(options);
    expect(await next.inspect(spec.runtimeName)).toEqual(before);
    expect(await next.create(spec)).toMatchObject({ runtimeId: before.runtimeId, phase: 'RUNNING' });
    expect(await next.start(before.runtimeId)).toMatchObject({ networkInterface: before.networkInterface });
    await next.close();
  });

  test('share the addresses of a subnet with other agents of the engine, until it is full', async () => {
    const rivalId = newInstanceId();
    const rival = new DockerRuntime({ ...options, instanceId: rivalId });
    // The two agents know nothing of each other's choices.
    const specs = Array.from({ length: 11 }, (_, index) => ({
      ...pauseIn('subnet-a'),
      ...(index % 2 === 0 ? {} : { instanceId: rivalId }),
    }));
    const made = await Promise.all(specs.map((spec, index) => (index % 2 === 0 ? runtime : rival).create(spec)));
    const seen = await Promise.all(
      made.map(({ runtimeId }, index) => (index % 2 === 0 ? runtime : rival).start(runtimeId)),
    );
    const addresses = seen.map((observation) => observation?.networkInterface?.privateIpv4Address);
    expect(addresses).not.toContain(undefined);
    expect(new Set(addresses).size).toBe(11);
    expect(await problemOf(runtime.create(pauseIn('subnet-a')))).toMatchObject({
      name: 'ContainerNetworkingError',
      detail: 'subnet subnet-a has no free address on this host',
      retry: false,
    });
    // The next subnet of the request has some, and a task that goes gives its own back.
    const second = pauseSpecOf(context, { network: { subnets: ['subnet-a', 'subnet-b'] } });
    expect((await started(second)).networkInterface?.subnetId).toBe('subnet-b');
    await runtime.remove(made[0]?.runtimeId ?? '');
    expect((await started(pauseIn('subnet-a'))).networkInterface?.privateIpv4Address).toBe(addresses[0]);
    await removeContainers(rival);
    await rival.close();
  });

  test('get their network from the one of two agents that comes first', async () => {
    await removeNetwork(docker, network);
    const agents = [runtime, new DockerRuntime({ ...options, instanceId: newInstanceId() })];
    const specs = [pauseIn('subnet-a'), pauseIn('subnet-b')];
    const seen = await Promise.all(specs.map((spec, index) => started(spec, agents[index])));
    expect(seen.map((one) => interfaceOf(one).subnetId)).toEqual(['subnet-a', 'subnet-b']);
    const found = await docker.listNetworks({ filters: { name: [network] } });
    expect(found.map(({ Name }) => Name)).toEqual([network]);
    await runtime.remove(seen[1]?.runtimeId ?? '');
    await agents[1]?.close();
  });

  test('in a subnet that this host does not have are refused', async () => {
    expect(await problemOf(runtime.create(pauseIn('subnet-z')))).toMatchObject({
      name: 'ContainerNetworkingError',
      detail: 'none of the subnets subnet-z is on this host, which has subnet-a, subnet-b',
      retry: false,
    });
  });

  test('are refused where the network has another range than the agent is configured for', async () => {
    await started(pauseIn('subnet-a'));
    const other = new DockerRuntime({ instanceId, network: { name: network, vpcCidr: '10.255.0.0/24' } });
    expect(await problemOf(other.create(pauseIn('subnet-a')))).toMatchObject({
      name: 'ContainerNetworkingError',
      detail: expect.stringContaining(`has the range ${vpcCidr}, not 10.255.0.0/24`),
    });
    await other.close();
  });
});

describe('shared namespaces', () => {
  const host = dockerUnderTest();
  const { docker, instanceId, runtime } = host;
  /** An image that a spec has taken the name of. */
  let nameless: string | undefined;
  afterAll(async () => {
    if (nameless !== undefined) await removeUnlessUsed(nameless);
  });

  const started = async (spec: ContainerSpec): Promise<string> => (await host.start(spec)).runtimeId;
  /** Containers of others that run on this engine may have the image, too. */
  const removeUnlessUsed = async (imageId: string): Promise<void> => {
    const users = await docker.listContainers({ all: true, filters: { ancestor: [imageId] } });
    if (users.length === 0) await docker.getImage(imageId).remove();
  };

  test('of processes and of memory', async () => {
    const pause = pauseSpecOf({ instanceId }, { network: null, sharesPid: true, sharesIpc: true });
    const pauseId = await started(pause);
    expect(await runtime.inspect(pauseId)).toMatchObject({ phase: 'RUNNING', networkBindings: [] });
    expect((await runtime.inspect(pauseId))?.networkInterface).toBeUndefined();
    const joining = (name: string, command: readonly string[]): ContainerSpec => ({
      ...joiningSpecOf(pause, host.image, { name, command }),
      network: 'none',
    });
    const one = await started(joining('one', ['sh', '-c', ': > /dev/shm/mine; exec sleep 3600']));
    // The shell's child outlives it and is inherited by the first process of the namespace, which is the pause program.
    const orphaning = ['sh', '-c', '(sh -c "sleep 0.2; : > /dev/shm/orphan-ended" &) ; ls /dev/shm; exec sleep 3600'];
    const other = await started(joining('other', orphaning));
    const [a, b] = await Promise.all([one, other].map(async (id) => await docker.getContainer(id).inspect()));
    expect(a?.HostConfig).toMatchObject({ PidMode: `container:${pauseId}`, IpcMode: `container:${pauseId}` });
    expect(b?.HostConfig.NetworkMode).toBe('none');
    await eventually(
      () => outputIn(docker, one, 'ls', '/dev/shm'),
      (text) => text.includes('mine') && text.includes('orphan-ended'),
    );
    const stats = await eventually(
      () => outputIn(docker, one, 'sh', '-c', 'cat /proc/[0-9]*/stat'),
      (text) => !/\) Z /.test(text),
    );
    expect(stats).toMatch(/^1 \(pause\) S 0 /);
  });

  test('the pause container ends at its stop signal', async () => {
    const pauseId = await started(pauseSpecOf({ instanceId }, { network: null, sharesPid: true }));
    await runtime.signal(pauseId);
    expect(await host.ended(pauseId)).toMatchObject({ exitCode: 0 });
  });

  test('the image is made again where it has gone', async () => {
    const before = await docker.getImage(PAUSE_IMAGE).inspect();
    // Containers keep the image itself; only its name goes.
    await docker.getImage(PAUSE_IMAGE).remove({ force: true });
    await started(pauseSpecOf({ instanceId }, { network: null, sharesPid: true }));
    const after = await docker.getImage(PAUSE_IMAGE).inspect();
    expect(after.RootFS).toEqual(before.RootFS);
    expect(after.Size).toBeLessThan(1024);
    nameless = before.Id;
  });
});
