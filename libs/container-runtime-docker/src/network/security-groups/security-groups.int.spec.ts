import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { PauseSpec } from '#libs/container-runtime';
import {
  busyboxImage,
  eventually,
  joiningSpecOf,
  pauseSpecOf,
  type TestImage,
  outputIn,
  removeContainers,
  removeNetwork,
  startContainer,
} from '#libs/testing';
import Docker from 'dockerode';
import { newInstanceId, newTaskNetwork } from '../../../spec/docker-under-test.ts';
import { DockerRuntime } from '../../docker-runtime.ts';
import { hasTable, removeSecurityRules } from './nft.ts';
import { enforcementObstacle } from './obstacles.ts';
import { tableNameOf } from './ruleset.ts';

/** A real engine on a busy machine. */
jest.setTimeout(90_000);

const PORTS = [80, 8080, 9090];
const SERVES = [
  'sh',
  '-c',
  `mkdir /w; echo open > /w/index.html; cd /w; ${PORTS.map((port) => `httpd -p ${port};`).join(' ')} exec sleep 3600`,
];

interface Task {
  readonly pause: PauseSpec;
  readonly address: string;
  /** Of a container of the task. */
  readonly runtimeId: string;
}

/** As the set-up leaves them out: without nftables, or without the right to it. */
const describeWithNftables = (await enforcementObstacle()) === undefined ? describe : describe.skip;

describeWithNftables('security groups', () => {
  const docker = new Docker();
  const { name, vpcCidr } = newTaskNetwork();
  const instanceId = newInstanceId();
  const network = { name, vpcCidr, warmInterfaces: { size: 1, refillPerSecond: 50 } };
  const warnings: string[] = [];
  let folder: string;
  let file: string;
  let runtime: DockerRuntime;
  let image: TestImage;

  const restricting = (): DockerRuntime =>
    new DockerRuntime({
      instanceId,
      network: { ...network, securityGroupsFile: file, warn: (text) => void warnings.push(text) },
    });
  const writeGroups = (groups: object): Promise<void> => writeFile(file, JSON.stringify(groups));
  const ingress = (...rules: readonly object[]): object => ({ ingress: rules });
  const tcp = (port: number, ...from: readonly string[]): object => ({ protocol: 'tcp', ports: `${port}`, from });
  const groups = (web: object): object => ({ 'sg-web': web, 'sg-lb': {}, 'sg-other': {}, default: {} });

  async function runTask(...securityGroups: readonly string[]): Promise<Task> {
    const pause = pauseSpecOf({ instanceId }, { network: { securityGroups } });
    const { networkInterface } = await startContainer(runtime, pause);
    const address = networkInterface?.privateIpv4Address ?? '';
    const { runtimeId } = await startContainer(runtime, joiningSpecOf(pause, image.name, { command: SERVES }));
    // It listens: what is not heard from elsewhere is kept from there.
    const task = { pause, address, runtimeId };
    for (const port of PORTS) await opens(task, task, port);
    return task;
  }
  const isOpen = async (from: Task, to: Task, port: number): Promise<boolean> =>
    (await outputIn(docker, from.runtimeId, 'wget', '-q', '-T', '1', '-O', '-', `http://${to.address}:${port}/`)) ===
    'open';
  const opens = (from: Task, to: Task, port: number): Promise<boolean> =>
    eventually(
      () => isOpen(from, to, port),
      (open) => open,
    );
  const closes = (from: Task, to: Task, port: number): Promise<boolean> =>
    eventually(
      () => isOpen(from, to, port),
      (open) => !open,
    );

  let web: Task;
  let balancer: Task;
  let other: Task;

  beforeAll(async () => {
    image = await busyboxImage();
    folder = await mkdtemp(join(tmpdir(), 'waybill-groups-'));
    file = join(folder, 'groups.json');
    await writeGroups(groups(ingress(tcp(80, 'sg-lb'), tcp(8080, vpcCidr))));
    runtime = restricting();
    web = await runTask('sg-web');
    // This one takes an address that was ready.
    await eventually(
      () => docker.listContainers({ filters: { network: [name], label: ['waybill.warm'] } }),
      ({ length }) => length > 0,
    );
    balancer = await runTask('sg-lb');
    other = await runTask('sg-other');
  });
  afterAll(async () => {
    await removeContainers(runtime);
    await runtime.close();
    const filters = { label: [`waybill.instance-id=${instanceId}`] };
    for (const { Id } of await docker.listContainers({ all: true, filters })) {
      await docker.getContainer(Id).remove({ force: true });
    }
    await removeNetwork(docker, name);
    await removeSecurityRules(instanceId);
    await image.remove();
    await rm(folder, { recursive: true });
  });

  test('open a port to the members of a group', async () => {
    await opens(balancer, web, 80);
    expect(await isOpen(other, web, 80)).toBe(false);
  });

  test('open a port to a range of addresses', async () => {
    await opens(other, web, 8080);
    await opens(balancer, web, 8080);
  });

  test('keep everything else closed, for tasks of the same group, too', async () => {
    expect(await isOpen(balancer, web, 9090)).toBe(false);
    expect(await isOpen(web, balancer, 80)).toBe(false);
    const sibling = await runTask('sg-other');
    expect(await isOpen(sibling, other, 80)).toBe(false);
  });

  test('are those of the group default for a task that names none', async () => {
    const task = await runTask();
    expect(await isOpen(balancer, task, 80)).toBe(false);
    await opens(task, web, 8080);
  });

  test('are what a host with addresses for tasks can enforce', async () => {
    expect((await runtime.info()).capabilities).toContain('task-eni');
  });

  test('leave the host alone', async () => {
    await new Promise<void>((resolve, reject) => {
      const socket = connect(9090, web.address, () => {
        socket.destroy();
        resolve();
      });
      socket.on('error', reject);
    });
  });

  test('have to be in the file', async () => {
    const pause = pauseSpecOf({ instanceId }, { network: { securityGroups: ['sg-web', 'sg-none'] } });
    await expect(runtime.create(pause)).rejects.toMatchObject({
      name: 'ContainerNetworkingError',
      detail: `security group sg-none is not in ${file}`,
      retry: false,
    });
  });

  test('change with the file; one that makes no sense changes nothing, and is named', async () => {
    await writeGroups(groups(ingress(tcp(9090, 'sg-other'))));
    await opens(other, web, 9090);
    await closes(other, web, 8080);
    await writeFile(file, '{"sg-web": []}');
    await eventually(
      () => Promise.resolve(warnings),
      (texts) => texts.some((text) => text.includes(`${file}: sg-web must be an object`)),
    );
    await opens(other, web, 9090);
    const pause = pauseSpecOf({ instanceId }, { network: { securityGroups: ['sg-web'] } });
    await expect(runtime.create(pause)).rejects.toMatchObject({ name: 'ContainerNetworkingError', retry: false });
    await writeGroups(groups(ingress(tcp(80, 'sg-lb'))));
    await opens(balancer, web, 80);
  });

  test('are enforced again by an agent that comes after, for the tasks that it finds', async () => {
    await runtime.close();
    await removeSecurityRules(instanceId);
    await opens(other, web, 9090);
    runtime = restricting();
    await runtime.list();
    await closes(other, web, 9090);
    await opens(balancer, web, 80);
  });

  test('are lifted where the file is not configured any more', async () => {
    await runtime.close();
    expect(await hasTable(tableNameOf(instanceId))).toBe(true);
    runtime = new DockerRuntime({ instanceId, network });
    await runtime.list();
    await opens(other, web, 9090);
    await runtime.close();
    expect(await hasTable(tableNameOf(instanceId))).toBe(false);
  });
});
