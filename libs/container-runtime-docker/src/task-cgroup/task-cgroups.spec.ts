import { describe, expect, test } from '@jest/globals';
import { containerSpecOf } from '#libs/testing';
import type { CgroupFiles } from './cgroup-files.ts';
import { findTaskCgroups } from './find-task-cgroups.ts';
import type { CgroupHost } from './find-task-cgroups.ts';
import type { TaskCgroups } from './task-cgroups.ts';
import { limitsFrom, limitsText, taskLimitsOf } from './task-limits.ts';

const LIMITS = { cpu: 256, memoryMiB: 512, cpuShares: 256 };

/** Notes what is done to the machine. */
function recordingHost(failure?: Error): { readonly host: CgroupHost; readonly done: string[] } {
  const done: string[] = [];
  const note = (line: string): Promise<void> => {
    if (failure !== undefined) return Promise.reject(failure);
    done.push(line);
    return Promise.resolve();
  };
  const files: CgroupFiles = {
    makeFolder: (path) => note(`mkdir ${path}`),
    write: (path, text) => note(`${path} = ${text}`),
    removeFolder: (path) => note(`rmdir ${path}`),
    list: (path) => Promise.resolve(path === '' ? ['cpu', 'memory', 'pids'] : ['cpu.shares', 'a'.repeat(32)]),
  };
  const systemctl = (...words: readonly string[]): Promise<void> => note(`systemctl ${words.join(' ')}`);
  return { host: { files, systemctl, mayUseSystemd: () => note('may use systemd') }, done };
}

async function found(info: object): Promise<{ readonly cgroups: TaskCgroups; readonly done: string[] }> {
  const { host, done } = recordingHost();
  const cgroups = await findTaskCgroups(info, true, host);
  if (typeof cgroups === 'string') throw new Error(cgroups);
  done.length = 0;
  return { cgroups, done };
}

describe('the control group of a task', () => {
  test('version 1: a folder per controller', async () => {
    const { cgroups, done } = await found({ CgroupVersion: '1', CgroupDriver: 'cgroupfs' });
    expect(cgroups.parentOf('t')).toBe('/ecs/t');
    await cgroups.ensure('t', LIMITS);
    expect(done.filter((line) => line.includes('ecs/t'))).toEqual([
      'mkdir cpu/ecs/t',
      'mkdir memory/ecs/t',
      'cpu/ecs/t/cpu.shares = 256',
      'cpu/ecs/t/cpu.cfs_period_us = 100000',
      'cpu/ecs/t/cpu.cfs_quota_us = 25000',
      'memory/ecs/t/memory.limit_in_bytes = 536870912',
    ]);
    done.length = 0;
    await cgroups.remove('t');
    expect(done).toEqual(['rmdir cpu/ecs/t', 'rmdir memory/ecs/t', 'rmdir pids/ecs/t']);
  });

  test('those that are there can be listed', async () => {
    const { cgroups } = await found({ CgroupVersion: '1', CgroupDriver: 'cgroupfs' });
    expect(await cgroups.list()).toEqual(['a'.repeat(32)]);
  });

  test('version 2: one folder, with the controllers handed down', async () => {
    const { cgroups, done } = await found({ CgroupVersion: '2', CgroupDriver: 'cgroupfs' });
    await cgroups.ensure('t', LIMITS);
    expect([...new Set(done)]).toEqual([
      'mkdir ecs',
      'cgroup.subtree_control = +cpu +memory',
      'ecs/cgroup.subtree_control = +cpu +memory',
      'mkdir ecs/t',
      'ecs/t/cpu.weight = 10',
      'ecs/t/cpu.max = 25000 100000',
      'ecs/t/memory.max = 536870912',
    ]);
    done.length = 0;
    await cgroups.remove('t');
    expect(done).toEqual(['rmdir ecs/t']);
  });

  test('systemd: a slice', async () => {
    const { cgroups, done } = await found({ CgroupVersion: '2', CgroupDriver: 'systemd' });
    expect(cgroups.parentOf('t')).toBe('ecstasks-t.slice');
    await cgroups.ensure('t', LIMITS);
    await cgroups.remove('t');
    expect(done).toEqual([
      'systemctl set-property --runtime ecstasks-t.slice CPUWeight=10 CPUQuota=25% CPUQuotaPeriodSec=100000us MemoryMax=536870912',
      'systemctl start ecstasks-t.slice',
      'systemctl stop ecstasks-t.slice',
      'systemctl revert ecstasks-t.slice',
    ]);
  });

  test('systemd and version 1: the older names', async () => {
    const { cgroups, done } = await found({ CgroupVersion: '1', CgroupDriver: 'systemd' });
    await cgroups.ensure('t', { memoryMiB: 6, cpuShares: 0 });
    expect(done[0]).toBe('systemctl set-property --runtime ecstasks-t.slice CPUShares=2 MemoryLimit=6291456');
  });

  test('what has no limit is not limited', async () => {
    const { cgroups, done } = await found({ CgroupVersion: '1', CgroupDriver: 'cgroupfs' });
    await cgroups.ensure('t', { cpuShares: 1_000_000 });
    expect(done.filter((line) => line.includes(' = '))).toEqual(['cpu/ecs/t/cpu.shares = 262144']);
  });

  test.each([
    ['another machine', { CgroupDriver: 'cgroupfs' }, false, undefined, 'the container engine runs on another machine'],
    [
      'no permission',
      { CgroupDriver: 'cgroupfs' },
      true,
      new Error('EROFS: read-only file system'),
      'the agent may not make control groups: EROFS: read-only file system',
    ],
    ['no driver', { CgroupDriver: 'none' }, true, undefined, 'the container engine has the cgroup driver none'],
  ])('cannot be had: %s', async (_name, info, isLocal, failure, why) => {
    expect(await findTaskCgroups(info, isLocal, recordingHost(failure).host)).toBe(why);
  });
});

describe('the limits of a task', () => {
  const specOf = (taskLimits: object) => ({
    ...containerSpecOf({ instanceId: 'i', image: 'app:1' }, { cpu: 100 }),
    taskLimits,
  });

  test.each([
    [
      { cpu: 512, memoryMiB: 64 },
      { cpu: 512, memoryMiB: 64, cpuShares: 512 },
    ],
    [{ memoryMiB: 64 }, { memoryMiB: 64, cpuShares: 100 }],
    [{}, undefined],
  ])('%j', (taskLimits, expected) => {
    expect(taskLimitsOf(specOf(taskLimits))).toEqual(expected);
  });

  test('survive as the text of a label', () => {
    expect(limitsFrom(limitsText(LIMITS))).toEqual(LIMITS);
  });
});
