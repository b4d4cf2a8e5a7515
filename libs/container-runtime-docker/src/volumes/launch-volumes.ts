import { open, mkdir, readdir, rename, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { WantedVolume } from '#libs/ecs/messages';
import type { VolumeCommands } from './volume-commands.ts';

const GIB = 2 ** 30;
const IMAGE = 'image';
const MOUNT = 'mount';
/** Its file system outlives the task. */
const KEEP = 'keep';

/**
 * Volumes that are configured when a task is launched: a file of the requested size with a file system in it, mounted on this
 * machine for as long as the task has containers. `<folder>/<task id>/<volume>/image` and `mount`.
 */
export class LaunchVolumes {
  readonly #folder: string;
  readonly #commands: VolumeCommands;

  constructor(folder: string, commands: VolumeCommands) {
    this.#folder = folder;
    this.#commands = commands;
  }

  /** @returns where it is mounted. Whatever of it is there is left as it is. */
  async ensure(
    taskId: string,
    { name, sizeInGiB, filesystemType, deleteOnTermination }: WantedVolume,
  ): Promise<string> {
    const folder = join(this.#folder, taskId, name);
    const [image, mount] = [join(folder, IMAGE), join(folder, MOUNT)];
    await mkdir(mount, { recursive: true });
    if (!(await isThere(image))) await this.#makeImage(image, sizeInGiB, filesystemType);
    if (!deleteOnTermination) await writeFile(join(folder, KEEP), '');
    if (!(await this.#commands.isMounted(mount))) await this.#commands.mount(image, mount);
    return mount;
  }

  /** The task has no containers left. */
  async remove(taskId: string): Promise<void> {
    const folder = join(this.#folder, taskId);
    for (const name of await namesIn(folder)) await this.#removeOne(join(folder, name));
    if ((await namesIn(folder)).length === 0) await rm(folder, { recursive: true, force: true });
  }

  /** What an earlier process of the agent has left of tasks that have no containers. */
  async removeOthers(taskIds: ReadonlySet<string>): Promise<void> {
    for (const taskId of await namesIn(this.#folder)) if (!taskIds.has(taskId)) await this.remove(taskId);
  }

  /** Only a finished file has the name: a process that ends in the middle begins again. */
  async #makeImage(image: string, sizeInGiB: number, filesystemType: string): Promise<void> {
    const partial = `${image}.partial`;
    const file = await open(partial, 'w', 0o600);
    try {
      // Takes room on the disk only as it is filled.
      await file.truncate(sizeInGiB * GIB);
    } finally {
      await file.close();
    }
    await this.#commands.makeFileSystem(filesystemType, partial);
    await rename(partial, image);
  }

  async #removeOne(folder: string): Promise<void> {
    const mount = join(folder, MOUNT);
    if (await this.#commands.isMounted(mount)) await this.#commands.unmount(mount);
    if (!(await isThere(join(folder, KEEP)))) return await rm(folder, { recursive: true, force: true });
    if (await isThere(mount)) await rmdir(mount);
  }
}

async function namesIn(folder: string): Promise<readonly string[]> {
  return await readdir(folder).catch(ifMissing([]));
}

async function isThere(path: string): Promise<boolean> {
  const found = await stat(path).catch(ifMissing(null));
  return found !== null;
}

function ifMissing<Value>(value: Value): (error: NodeJS.ErrnoException) => Value {
  return (error) => {
    if (error.code === 'ENOENT') return value;
    throw error;
  };
}
