import { readFile } from 'node:fs/promises';
import type { HostConfig } from 'dockerode';
import type { OwnContainerSpec } from '#libs/container-runtime';
import { listMember, member, textMember } from '../engine/untyped-members.ts';

/** Storage drivers that give each container a size of its own. */
const SIZED_DRIVERS: ReadonlySet<string> = new Set(['btrfs', 'zfs', 'devicemapper']);
const PROJECT_QUOTA = /\b(pquota|prjquota)\b/;

/**
 * Whether the engine can limit what a container writes besides volumes: by its storage driver, or by the project quotas of XFS.
 * @param info what `docker info` shows
 * @param mounts /proc/self/mountinfo of the engine's machine; empty where it is another one
 */
export function canLimitStorage(info: unknown, mounts: string): boolean {
  const driver = textMember(info, 'Driver') ?? '';
  if (SIZED_DRIVERS.has(driver)) return true;
  const onXfs = listMember(info, 'DriverStatus').some(
    (pair) => member(pair, '0') === 'Backing Filesystem' && member(pair, '1') === 'xfs',
  );
  return driver === 'overlay2' && onXfs && PROJECT_QUOTA.test(mountOf(textMember(info, 'DockerRootDir') ?? '', mounts));
}

/** The line of the mount that a folder is in. */
function mountOf(folder: string, mounts: string): string {
  let [found, length] = ['', 0];
  for (const line of mounts.split('\n')) {
    const point = line.split(' ')[4] ?? '';
    const isAbove = point === '/' || folder === point || folder.startsWith(`${point}/`);
    if (isAbove && point.length >= length) [found, length] = [line, point.length];
  }
  return found;
}

export async function mountsOfThisMachine(): Promise<string> {
  return await readFile('/proc/self/mountinfo', 'utf8');
}

/** Each container may write as much as the task may. */
export function storageOf({ ephemeralStorageGiB: size }: OwnContainerSpec, isLimited: boolean): HostConfig {
  return isLimited && size !== undefined ? { StorageOpt: { size: `${size}G` } } : {};
}
