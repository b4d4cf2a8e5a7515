import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { copyFile, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Docker from 'dockerode';

const APPLETS = [
  'cat',
  'echo',
  'env',
  'false',
  'httpd',
  'id',
  'ls',
  'nc',
  'pwd',
  'sh',
  'sleep',
  'stat',
  'touch',
  'true',
  'ulimit',
];

/** Where Debian's busybox-static puts it. */
const BUSYBOX = '/bin/busybox';

export interface TestImage {
  /** `waybill-test:<hex>`: no other run uses or removes it. */
  readonly name: string;
  remove(): Promise<void>;
}

/** A Docker image of the system's static busybox, so that specs with real containers pull nothing. */
export async function busyboxImage(docker = new Docker()): Promise<TestImage> {
  const folder = await mkdtemp(join(tmpdir(), 'waybill-image-'));
  const tag = randomBytes(6).toString('hex');
  const name = `waybill-test:${tag}`;
  try {
    for (const path of ['bin', 'etc', 'tmp', 'www']) await mkdir(join(folder, path));
    await copyFile(BUSYBOX, join(folder, 'bin/busybox'));
    for (const applet of APPLETS) await symlink('busybox', join(folder, 'bin', applet));
    const tar = spawn('tar', ['-C', folder, '--owner=0', '--group=0', '-c', '.'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const progress = await docker.importImage(tar.stdout, {
      fromSrc: '-',
      repo: 'waybill-test',
      tag,
      changes: ['ENV PATH=/bin'],
    });
    await new Promise<void>((resolve, reject) => {
      docker.modem.followProgress(progress, (error) => (error === null ? resolve() : reject(error)));
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return { name, remove: async () => void (await docker.getImage(name).remove({ force: true })) };
}
