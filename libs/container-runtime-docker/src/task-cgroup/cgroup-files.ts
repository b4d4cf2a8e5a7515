import { mkdir, readdir, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The file system of the kernel's control groups. Paths are relative to its root. */
export interface CgroupFiles {
  /** Makes a folder and those above it; one that is there is left as it is. */
  makeFolder(path: string): Promise<void>;
  write(path: string, text: string): Promise<void>;
  /** One that is not there is left alone. @throws an error with code EBUSY while there are groups or processes in it */
  removeFolder(path: string): Promise<void>;
  /** Names of what is in a folder; at the root with version 1, the controllers. */
  list(path: string): Promise<readonly string[]>;
}

/** @param root where the control groups are mounted */
export function cgroupFiles(root = '/sys/fs/cgroup'): CgroupFiles {
  return {
    makeFolder: async (path) => void (await mkdir(join(root, path), { recursive: true })),
    write: (path, text) => writeFile(join(root, path), text),
    list: (path) => readdir(join(root, path)),
    removeFolder: async (path) => {
      try {
        await rmdir(join(root, path));
      } catch (error) {
        // ENOTDIR: the folders of version 2 have files beside them.
        if (!['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
      }
    },
  };
}
