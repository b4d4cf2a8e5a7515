import { describe, expect, test } from '@jest/globals';
import { cgroupFilesOf, cpuNanoseconds, memoryBytes, storageBytes } from './cgroup.ts';

const ID = 'c0ffee'.padEnd(64, '0');

const MOUNTS_1 = `24 1 0:22 / /proc rw,relatime - proc proc rw
31 23 0:28 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755
33 31 0:30 / /sys/fs/cgroup/cpu,cpuacct rw,nosuid shared:9 - cgroup cgroup rw,cpu,cpuacct
35 31 0:32 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory
38 31 0:35 / /sys/fs/cgroup/blkio rw,relatime - cgroup cgroup rw,blkio
41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw
`;
const MOUNTS_2 = '30 23 0:26 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw,nsdelegate\n';

const cgroups1 = (id: string): string =>
  `7:blkio:/docker/${id}\n4:memory:/docker/${id}\n2:cpu,cpuacct:/docker/${id}\n0::/docker/${id}\n`;

describe('the cgroup of a container', () => {
  test('in version 1 each controller has a folder', () => {
    expect(cgroupFilesOf(cgroups1(ID), MOUNTS_1, ID)).toEqual({
      version: 1,
      cpu: `/sys/fs/cgroup/cpu,cpuacct/docker/${ID}/cpuacct.usage`,
      memory: `/sys/fs/cgroup/memory/docker/${ID}/memory.usage_in_bytes`,
      memoryDetails: `/sys/fs/cgroup/memory/docker/${ID}/memory.stat`,
      storage: `/sys/fs/cgroup/blkio/docker/${ID}/blkio.throttle.io_service_bytes_recursive`,
    });
  });

  test('in version 2 all of them are in one', () => {
    const scope = `/sys/fs/cgroup/system.slice/docker-${ID}.scope`;
    expect(cgroupFilesOf(`0::/system.slice/docker-${ID}.scope\n`, MOUNTS_2, ID)).toEqual({
      version: 2,
      cpu: `${scope}/cpu.stat`,
      memory: `${scope}/memory.current`,
      memoryDetails: `${scope}/memory.stat`,
      storage: `${scope}/io.stat`,
    });
  });

  test.each([
    ['another process has the pid', cgroups1('0'.repeat(64)), MOUNTS_1],
    ['the process is in no cgroup of its own', '0::/init.scope\n', MOUNTS_2],
    ['nothing is mounted', cgroups1(ID), ''],
    ['a controller of version 1 is not mounted', cgroups1(ID), MOUNTS_1.replace(/^.*blkio\n/m, '')],
    ['the process has ended', '', MOUNTS_2],
  ])('is not found when %s', (_why, cgroups, mounts) => {
    expect(cgroupFilesOf(cgroups, mounts, ID)).toBeUndefined();
  });
});

describe('the kernel’s files', () => {
  test('CPU', () => {
    expect(cpuNanoseconds(1, '28502391\n')).toBe(28_502_391);
    expect(cpuNanoseconds(2, 'usage_usec 1500\nuser_usec 1000\nsystem_usec 500\n')).toBe(1_500_000);
    expect(cpuNanoseconds(1, '')).toBeUndefined();
    expect(cpuNanoseconds(2, 'user_usec 1000\n')).toBeUndefined();
  });

  test('memory, without what is only cached', () => {
    expect(memoryBytes(1, '1000\n', 'cache 1\nrss 9\ntotal_cache 300\n')).toBe(700);
    expect(memoryBytes(2, '1000\n', 'anon 500\ninactive_file 400\n')).toBe(600);
    expect(memoryBytes(2, '1000\n', 'inactive_file 400')).toBe(600);
    expect(memoryBytes(2, '100\n', 'inactive_file 400\n')).toBe(0);
    expect(memoryBytes(2, '1000\n', 'anon 500\n')).toBeUndefined();
    expect(memoryBytes(1, 'max\n', 'total_cache 300\n')).toBeUndefined();
  });

  test('storage, on all devices', () => {
    expect(storageBytes(1, '8:0 Read 10\n8:0 Write 20\n8:16 Read 1\n8:16 Write 2\nTotal 33\n')).toEqual({
      readBytes: 11,
      writeBytes: 22,
    });
    expect(storageBytes(2, '8:0 rbytes=10 wbytes=20 rios=1 wios=1\n8:16 rbytes=1 wbytes=2 rios=1 wios=1\n')).toEqual({
      readBytes: 11,
      writeBytes: 22,
    });
    expect(storageBytes(2, '')).toEqual({ readBytes: 0, writeBytes: 0 });
  });
});
