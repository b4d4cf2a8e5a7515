import { statfs } from 'node:fs/promises';
import type { DockerOptions } from 'dockerode';
import { Docker } from './dockerode.ts';
import { isLocalEngine } from './engine-place.ts';
import { textMember } from './untyped-members.ts';

const GIB = 1024 ** 3;
/** Less room than this, and a pull of an ordinary image fails. */
const FREE_BYTES_MIN = GIB;
const FREE_SHARE_MIN = 0.05;
const PERCENT = 100;

/** The file system that an engine keeps images and containers on. */
export interface EngineDisk {
  readonly dataRoot: string;
  readonly freeBytes: number;
  readonly totalBytes: number;
}

/** @returns null: the engine is on another machine, whose files cannot be looked at @throws what dockerode or statfs throws */
export async function engineDisk(options?: DockerOptions): Promise<EngineDisk | null> {
  const docker = new Docker(options);
  const info: unknown = await docker.info();
  const dataRoot = textMember(info, 'DockerRootDir');
  if (dataRoot === undefined || !isLocalEngine(docker, info)) return null;
  const { bavail, blocks, bsize } = await statfs(dataRoot);
  return { dataRoot, freeBytes: bavail * bsize, totalBytes: blocks * bsize };
}

/** What is wrong with it, for the owner of the host; undefined: nothing. */
export function engineDiskProblem({ dataRoot, freeBytes, totalBytes }: EngineDisk): string | undefined {
  if (freeBytes >= FREE_BYTES_MIN && freeBytes >= totalBytes * FREE_SHARE_MIN) return undefined;
  const free = (freeBytes / GIB).toFixed(1);
  const percent = Math.floor((freeBytes / totalBytes) * PERCENT);
  return `the container engine has ${free} GiB (${percent} %) left for images at ${dataRoot}: pulls will fail`;
}
