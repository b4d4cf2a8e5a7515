import { existsSync, readFileSync, rmdirSync } from 'node:fs';
import { beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { OwnContainerSpec } from '#libs/container-runtime';
import { eventually } from '#libs/testing';
import { dockerUnderTest } from '../../spec/docker-under-test.ts';
import { DockerRuntime } from '../docker-runtime.ts';

/** A real engine on a busy machine. */
jest.setTimeout(60_000);

const MIB = 2 ** 20;
const ROOT = '/sys/fs/cgroup';
/** Version 1 has a tree per controller, version 2 one for all. */
const VERSION = existsSync(`${ROOT}/cgroup.controllers`) ? 2 : 1;

/** Making control groups takes root. */
const describeAsRoot = process.getuid?.() === 0 ? describe : describe.skip;

describeAsRoot('the containers of one task together', () => {
  const notices: string[] = [];
  const { docker, instanceId, runtime, specOf, start, ended } = dockerUnderTest({
    notice: (text) => notices.push(text),
  });
  let usesSystemd: boolean;
  beforeAll(async () => {
    usesSystemd = ((await docker.info()) as { CgroupDriver: string }).CgroupDriver === 'systemd';
  });

  /** Two containers of a task with this size. */
  function taskOf(taskLimits: OwnContainerSpec['taskLimits'], commands: readonly [string, string]): OwnContainerSpec[] {
    const first = specOf();
    return commands.map((command, index) => ({
      ...first,
      taskLimits,
      containerName: `c${index}`,
      runtimeName: `${first.runtimeName}-${index}`,
      container: { ...first.container, name: `c${index}`, command: ['sh', '-c', command] },
    }));
  }

  const folderOf = (controller: string, { taskId }: OwnContainerSpec): string =>
    `${ROOT}/${VERSION === 1 ? `${controller}/` : ''}${usesSystemd ? `ecstasks.slice/ecstasks-${taskId}.slice` : `ecs/${taskId}`}`;
  const read = (controller: string, spec: OwnContainerSpec, file: string): string =>
    readFileSync(`${folderOf(controller, spec)}/${file}`, 'utf8').trim();

  test('cannot have more memory than the task', async () => {
    const holds40 = 'dd if=/dev/zero of=/dev/shm/a bs=1M count=40 && sleep 60';
    const [first, second] = taskOf({ memoryMiB: 64 }, [holds40, 'exec tail /dev/zero']);
    if (first === undefined || second === undefined) throw new Error('two containers');
    const { runtimeId: other } = await start(first);
    const usage = VERSION === 1 ? 'memory.usage_in_bytes' : 'memory.current';
    await eventually(
      () => Promise.resolve(Number(read('memory', first, usage))),
      (bytes) => bytes > 40 * MIB,
    );
    // The kernel tells the engine of the group that was full, the task's: it does not always see the container in that.
    expect(await ended((await start(second)).runtimeId)).toMatchObject({ exitCode: 137 });
    expect(await runtime.inspect(other)).toMatchObject({ phase: 'RUNNING' });
    // Neither has a limit of its own: it was the task's.
    const hits = VERSION === 1 ? read('memory', first, 'memory.failcnt') : read('memory', first, 'memory.events');
    expect(Number(/(?:^|\nmax )(\d+)/.exec(hits)?.[1])).toBeGreaterThan(0);
    const { HostConfig } = await docker.getContainer(second.runtimeName).inspect();
    expect(HostConfig).toMatchObject({ Memory: 0, CgroupParent: expect.stringContaining(second.taskId) });
  });

  test('cannot have more CPU than the task, and their group goes with the last of them', async () => {
    const specs = taskOf({ cpu: 128 }, ['while :; do :; done', 'while :; do :; done']);
    const [spec] = specs;
    if (spec === undefined) throw new Error('a container');
    const refs = [];
    for (const each of specs) refs.push((await start(each)).runtimeId);
    if (VERSION === 1) expect(read('cpu', spec, 'cpu.cfs_quota_us')).toBe('12500');
    else expect(read('cpu', spec, 'cpu.max')).toBe('12500 100000');
    await eventually(
      () => Promise.resolve(Number(/nr_throttled (\d+)/.exec(read('cpu', spec, 'cpu.stat'))?.[1])),
      (throttled) => throttled > 0,
    );
    const [first = '', second = ''] = refs;
    await runtime.remove(first);
    expect(existsSync(folderOf('cpu', spec))).toBe(true);
    await runtime.remove(second);
    for (const controller of ['cpu', 'memory', 'pids']) expect(existsSync(folderOf(controller, spec))).toBe(false);
    expect(notices).toEqual([]);
  });

  test('leave no group behind when they are removed past their agent, once the next one starts', async () => {
    const [spec] = taskOf({ memoryMiB: 64 }, ['true', 'true']);
    if (spec === undefined) throw new Error('a container');
    await runtime.create(spec);
    expect(existsSync(folderOf('cpu', spec))).toBe(true);
    // From here on any agent that starts on this engine may take it away.
    await docker.getContainer(spec.runtimeName).remove();
    const next = new DockerRuntime({ instanceId });
    await next.info();
    // Slices are systemd's to take away.
    expect(existsSync(folderOf('cpu', spec))).toBe(usesSystemd);
    await next.close();
  });

  test('are bounded again after their group was lost, as with a restart of the machine', async () => {
    const [spec] = taskOf({ memoryMiB: 64 }, ['sleep 60', 'true']);
    if (spec === undefined) throw new Error('a container');
    const { runtimeId } = await runtime.create(spec);
    for (const controller of VERSION === 1 ? ['cpu', 'memory'] : ['all']) rmdirSync(folderOf(controller, spec));
    await runtime.start(runtimeId);
    const file = VERSION === 1 ? 'memory.limit_in_bytes' : 'memory.max';
    expect(Number(read('memory', spec, file))).toBe(64 * MIB);
  });
});
