import { execFile } from 'node:child_process';
import { access, constants, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
/** Where Debian keeps them; a service may have a shorter PATH. */
const FOLDERS = ['/usr/sbin', '/sbin', '/usr/bin', '/bin'];
/** Docker's default. */
const ENGINE_PID_FILE = '/var/run/docker.pid';
const LOOP_CONTROL = '/dev/loop-control';
const PROGRAMS = ['mount', 'umount', 'mkfs.ext3', 'mkfs.ext4', 'mkfs.xfs'] as const;

/** File systems in files, on the agent's machine. */
export interface VolumeCommands {
  makeFileSystem(type: string, file: string): Promise<void>;
  mount(file: string, folder: string): Promise<void>;
  unmount(folder: string): Promise<void>;
  isMounted(folder: string): Promise<boolean>;
}

const MAKE_OPTIONS: Readonly<Record<string, readonly string[]>> = {
  // All of the size is for the task: no blocks for root.
  ext3: ['-q', '-F', '-m', '0'],
  ext4: ['-q', '-F', '-m', '0'],
  xfs: ['-q', '-f'],
};

export const VOLUME_COMMANDS: VolumeCommands = {
  makeFileSystem: async (type, file) => {
    const program = await find(`mkfs.${type}`);
    if (program === undefined) throw new Error(`mkfs.${type} is not installed on the host`);
    await run(program, [...(MAKE_OPTIONS[type] ?? []), file]);
  },
  mount: async (file, folder) => void (await run('mount', ['-o', 'loop', file, folder])),
  unmount: async (folder) => void (await run('umount', [folder])),
  isMounted: async (folder) => {
    const mounts = await readFile('/proc/self/mountinfo', 'utf8');
    // The kernel writes spaces as \040.
    return mounts.split('\n').some((line) => line.split(' ')[4] === folder.replaceAll(' ', '\\040'));
  },
};

/** Why this process cannot mount file systems, of every kind, where the engine sees them; undefined: it can. */
export async function launchVolumesObstacle(): Promise<string | undefined> {
  if (process.getuid?.() !== 0) return 'the agent does not run as root';
  for (const program of PROGRAMS) if ((await find(program)) === undefined) return `${program} is not installed`;
  if (!(await exists(LOOP_CONTROL))) return 'the kernel has no loop devices';
  return (await sharesMounts()) ? undefined : 'the engine does not see what this process mounts';
}

/** A service may have a mount namespace of its own, in which the engine sees nothing. */
async function sharesMounts(): Promise<boolean> {
  try {
    const enginePid = (await readFile(ENGINE_PID_FILE, 'utf8')).trim();
    const [own, engine] = await Promise.all(['self', enginePid].map((pid) => readlink(`/proc/${pid}/ns/mnt`)));
    return own === engine;
  } catch {
    // What cannot be found out is not relied on.
    return false;
  }
}

async function find(program: string): Promise<string | undefined> {
  for (const folder of FOLDERS) {
    const path = join(folder, program);
    if (await exists(path, constants.X_OK)) return path;
  }
  return undefined;
}

async function exists(path: string, mode?: number): Promise<boolean> {
  return await access(path, mode).then(
    () => true,
    () => false,
  );
}
