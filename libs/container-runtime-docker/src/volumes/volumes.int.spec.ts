import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { OwnContainerSpec } from '#libs/container-runtime';
import type { Volume, WantedVolume } from '#libs/ecs/messages';
import { busyboxImage, containerSpecOf, removeContainers, runContainer, type TestImage } from '#libs/testing';
import Docker from 'dockerode';
import { newInstanceId } from '../../spec/docker-under-test.ts';
import { DockerRuntime } from '../docker-runtime.ts';
import { VOLUME_COMMANDS } from './volume-commands.ts';

/** A real engine on a busy machine. */
jest.setTimeout(60_000);

const describeAsRoot = process.getuid?.() === 0 ? describe : describe.skip;

describe('volumes', () => {
  const docker = new Docker();
  const instanceId = newInstanceId();
  let folder: string;
  let runtime: DockerRuntime;
  let image: TestImage;
  beforeAll(async () => {
    image = await busyboxImage();
    // Containers of the spec may run as any user.
    folder = await mkdtemp(join(tmpdir(), 'waybill-volumes-'));
    await chmod(folder, 0o755);
    runtime = newRuntime();
  });
  afterEach(() => removeContainers(runtime));
  afterAll(async () => {
    await runtime.close();
    await rm(folder, { recursive: true });
    await image.remove();
  });

  const newRuntime = (): DockerRuntime =>
    new DockerRuntime({
      instanceId,
      fileSystems: { '*': join(folder, 'efs'), 'fs-nfs': '127.0.0.1:/export' },
      volumeFolder: join(folder, 'launched'),
    });

  /** A task whose container has the volume at /data and runs a line of shell. */
  function taskOf(volume: Omit<Volume, 'name'>, line: string, own: Partial<OwnContainerSpec> = {}): OwnContainerSpec {
    const mountPoints = [{ sourceVolume: 'data', containerPath: '/data' }];
    const command = ['sh', '-c', line];
    const spec = containerSpecOf(
      { instanceId, image: image.name },
      { mountPoints, command },
      { volumes: [{ name: 'data', ...volume }] },
    );
    return { ...spec, ...own };
  }

  const run = (spec: OwnContainerSpec) => runContainer(runtime, spec);

  const replaced = (spec: OwnContainerSpec, line: string): OwnContainerSpec => {
    const taskId = randomBytes(16).toString('hex');
    const runtimeName = `ecs-contract-1-app-${taskId.slice(0, 20)}`;
    const container = { ...spec.container, command: ['sh', '-c', line] };
    return { ...spec, taskId, taskArn: `${spec.taskArn.slice(0, -32)}${taskId}`, runtimeName, container };
  };

  const IS_THERE = 'test "$(cat /data/a)" = kept';
  const WRITES = 'echo kept > /data/a';

  test('a host path is made as a folder, and outlives its task', async () => {
    const path = join(folder, 'host', 'deep');
    const spec = taskOf({ host: { sourcePath: path } }, WRITES);
    expect(await run(spec)).toMatchObject({ exitCode: 0 });
    await runtime.remove(spec.runtimeName);
    expect(await readFile(join(path, 'a'), 'utf8')).toBe('kept\n');
    expect(await run(replaced(spec, IS_THERE))).toMatchObject({ exitCode: 0 });
  });

  test('a read-only mount refuses writes, and tmpfs is as large as it says', async () => {
    const spec = taskOf({ host: {} }, 'touch /data/a || df -k /scratch | grep -q " 1024 "');
    const mountPoints = [{ sourceVolume: 'data', containerPath: '/data', readOnly: true }];
    const linuxParameters = { tmpfs: [{ containerPath: '/scratch', size: 1, mountOptions: ['noexec'] }] };
    expect(await run({ ...spec, container: { ...spec.container, mountPoints, linuxParameters } })).toMatchObject({
      exitCode: 0,
    });
  });

  test("a volume of the task's own is shared by its containers and gone with the last of them", async () => {
    const first = taskOf({ host: {} }, WRITES);
    const second = { ...first, containerName: 'b', runtimeName: `${first.runtimeName}-b` };
    expect(await run(first)).toMatchObject({ exitCode: 0 });
    expect(
      await run({ ...second, container: { ...first.container, name: 'b', command: ['sh', '-c', IS_THERE] } }),
    ).toMatchObject({ exitCode: 0 });
    await runtime.remove(first.runtimeName);
    const name = `ecs-contract-1-data-${first.taskId.slice(0, 20)}`;
    expect(await docker.getVolume(name).inspect()).toMatchObject({ Name: name });
    await runtime.remove(second.runtimeName);
    await expect(docker.getVolume(name).inspect()).rejects.toMatchObject({ statusCode: 404 });
  });

  test('a shared volume is made if the definition asks for it, and outlives its task', async () => {
    const name = `waybill-test-${instanceId.slice(0, 8)}`;
    const volumeOf = (autoprovision: boolean) => ({
      volumes: [{ name, dockerVolumeConfiguration: { scope: 'shared' as const, autoprovision, labels: { a: 'b' } } }],
    });
    const mountPoints = [{ sourceVolume: name, containerPath: '/data' }];
    const specOf = (line: string, autoprovision: boolean) =>
      containerSpecOf(
        { instanceId, image: image.name },
        { mountPoints, command: ['sh', '-c', line] },
        volumeOf(autoprovision),
      );
    await expect(runtime.create(specOf(WRITES, false))).rejects.toMatchObject({
      name: 'CannotCreateVolumeError',
      retry: false,
      detail: expect.stringContaining(name),
    });
    try {
      const first = specOf(WRITES, true);
      expect(await run(first)).toMatchObject({ exitCode: 0 });
      await runtime.remove(first.runtimeName);
      expect(await run(specOf(IS_THERE, false))).toMatchObject({ exitCode: 0 });
      expect(await docker.getVolume(name).inspect()).toMatchObject({ Labels: { a: 'b' } });
      for (const { runtimeId } of await runtime.list()) await runtime.remove(runtimeId);
    } finally {
      await docker.getVolume(name).remove();
    }
  });

  test('a driver that the engine does not have', async () => {
    const dockerVolumeConfiguration = { scope: 'task' as const, driver: 'waybill-no-such-driver' };
    await expect(runtime.create(taskOf({ dockerVolumeConfiguration }, 'true'))).rejects.toMatchObject({
      name: 'CannotCreateVolumeError',
      detail: expect.stringContaining('waybill-no-such-driver'),
    });
  });

  describe('of EFS, as folders', () => {
    const efs = (own: object = {}, fileSystemId = 'fs-1') => ({ efsVolumeConfiguration: { fileSystemId, ...own } });

    test('outlive their tasks; an access point sees its own folder', async () => {
      const whole = taskOf(efs(), `${WRITES}; mkdir -p /data/sub; ${WRITES.replace('/a', '/sub/a')}`);
      expect(await run(whole)).toMatchObject({ exitCode: 0 });
      expect(await run(taskOf(efs({ rootDirectory: '/sub' }), IS_THERE))).toMatchObject({ exitCode: 0 });
      const point = efs({ transitEncryption: 'ENABLED', authorizationConfig: { accessPointId: 'fsap-1' } });
      const alone = taskOf(point, `test -z "$(ls -A /data)" && ${WRITES}`);
      expect(await run({ ...alone, container: { ...alone.container, user: '1000' } })).toMatchObject({ exitCode: 0 });
      expect(await readFile(join(folder, 'efs/fs-1/access-points/fsap-1/a'), 'utf8')).toBe('kept\n');
    });

    test('no link leads out of them, and no folder is invented', async () => {
      await mkdir(join(folder, 'efs/fs-2'), { recursive: true });
      await symlink('/', join(folder, 'efs/fs-2/way-out'));
      for (const [rootDirectory, detail] of [
        ['/way-out/etc', 'fs-2: /way-out/etc leads out of the file system'],
        ['/missing', 'fs-2: /missing: no such file or directory'],
      ]) {
        await expect(runtime.create(taskOf(efs({ rootDirectory }, 'fs-2'), 'true'))).rejects.toMatchObject({
          name: 'CannotCreateVolumeError',
          detail,
        });
      }
    });

    test('by NFS: the options go to the engine as they are', async () => {
      const spec = taskOf(efs({ rootDirectory: '/sub' }, 'fs-nfs'), 'true');
      await runtime.create(spec);
      const name = `ecs-contract-1-data-${spec.taskId.slice(0, 20)}`;
      expect(await docker.getVolume(name).inspect()).toMatchObject({
        Options: { type: 'nfs', device: ':/export/sub', o: expect.stringContaining('addr=127.0.0.1,nfsvers=4.1') },
      });
    });
  });

  describeAsRoot('configured at launch', () => {
    const wanted = (own: Partial<WantedVolume> = {}): WantedVolume => ({
      name: 'data',
      sizeInGiB: 1,
      filesystemType: 'ext4',
      deleteOnTermination: true,
      ...own,
    });
    const launchedOf = (line: string, own: Partial<WantedVolume> = {}): OwnContainerSpec =>
      taskOf({ configuredAtLaunch: true }, line, { volumeConfigurations: [wanted(own)] });
    const pathsOf = ({ taskId }: OwnContainerSpec) => {
      const own = join(folder, 'launched', taskId, 'data');
      return { image: join(own, 'image'), mount: join(own, 'mount') };
    };

    const installed = (['ext3', 'ext4', 'xfs'] as const).filter((type) => existsSync(`/usr/sbin/mkfs.${type}`));

    test.each(installed)('are as large as they say, and gone with their task: %s', async (filesystemType) => {
      // Filling one takes its time; the others show the size that they have.
      const fills = filesystemType === 'ext4' ? '! dd if=/dev/zero of=/data/large bs=1M count=1025' : WRITES;
      const spec = launchedOf(`${fills} && test $(df -Pk /data | tail -1 | awk '{print $2}') -le ${2 ** 20}`, {
        filesystemType,
      });
      expect(await run(spec)).toMatchObject({ exitCode: 0 });
      expect(await VOLUME_COMMANDS.isMounted(pathsOf(spec).mount)).toBe(true);
      await runtime.remove(spec.runtimeName);
      expect(await VOLUME_COMMANDS.isMounted(pathsOf(spec).mount)).toBe(false);
      expect(existsSync(join(folder, 'launched', spec.taskId))).toBe(false);
    });

    test('outlive their task where the request says so', async () => {
      const spec = launchedOf(WRITES, { deleteOnTermination: false, filesystemType: 'ext3' });
      expect(await run(spec)).toMatchObject({ exitCode: 0 });
      await runtime.remove(spec.runtimeName);
      expect(existsSync(pathsOf(spec).image)).toBe(true);
      expect(existsSync(pathsOf(spec).mount)).toBe(false);
    });

    test('are still there for the next process of the agent, which removes those without a task', async () => {
      const spec = launchedOf('sleep 60');
      const { runtimeId } = await runtime.create(spec);
      await runtime.start(runtimeId);
      await writeFile(join(pathsOf(spec).mount, 'a'), 'kept\n');
      const left = { ...launchedOf(WRITES), taskId: randomBytes(16).toString('hex') };
      await runtime.create(left);
      await docker.getContainer(left.runtimeName).remove({ force: true });

      const next = newRuntime();
      await next.info();
      expect(await VOLUME_COMMANDS.isMounted(pathsOf(spec).mount)).toBe(true);
      expect(existsSync(join(folder, 'launched', left.taskId))).toBe(false);
      const second = { ...spec, containerName: 'b', runtimeName: `${spec.runtimeName}-b` };
      expect(
        await run({ ...second, container: { ...spec.container, name: 'b', command: ['sh', '-c', IS_THERE] } }),
      ).toMatchObject({ exitCode: 0 });
      await next.close();
    });

    test('one that cannot be made', async () => {
      const spec = taskOf({ configuredAtLaunch: true }, 'true');
      await expect(runtime.create(spec)).rejects.toMatchObject({
        name: 'CannotCreateVolumeError',
        detail: 'the volume data was not configured at launch',
      });
    });
  });
});
