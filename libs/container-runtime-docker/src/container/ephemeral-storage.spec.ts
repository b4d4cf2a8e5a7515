import { describe, expect, test } from '@jest/globals';
import { containerSpecOf } from '#libs/testing';
import { canLimitStorage, storageOf } from './ephemeral-storage.ts';

const overlayOn = (fileSystem: string) => ({
  Driver: 'overlay2',
  DriverStatus: [['Backing Filesystem', fileSystem]],
  DockerRootDir: '/var/lib/docker',
});
const mounts = (options: string) =>
  `21 1 8:1 / / rw - ext4 /dev/sda1 rw\n22 21 8:2 / /var/lib/docker rw - xfs /dev/sda2 ${options}\n`;

describe('what a container may write besides volumes', () => {
  test.each([
    ['a driver with sizes', { Driver: 'btrfs' }, '', true],
    ['XFS with project quotas', overlayOn('xfs'), mounts('rw,prjquota'), true],
    ['XFS without', overlayOn('xfs'), mounts('rw,noquota'), false],
    ['XFS of another machine', overlayOn('xfs'), '', false],
    ['ext4', overlayOn('extfs'), mounts('rw,prjquota'), false],
  ])('%s', (_name, info, mountinfo, expected) => {
    expect(canLimitStorage(info, mountinfo)).toBe(expected);
  });

  test('is limited where it can be, and only for tasks that have a size', () => {
    const spec = containerSpecOf({ instanceId: 'i', image: 'app:1' });
    expect(storageOf({ ...spec, ephemeralStorageGiB: 21 }, true)).toEqual({ StorageOpt: { size: '21G' } });
    expect(storageOf({ ...spec, ephemeralStorageGiB: 21 }, false)).toEqual({});
    expect(storageOf(spec, true)).toEqual({});
  });
});
