import { closeSync, openSync, readSync } from 'node:fs';

/** The kernel's files of this machine. */
export interface HostFiles {
  /** Its text; null: it is not there (any more), or may not be read. */
  read(path: string): string | null;
}

/** More than any of them has. */
const FILE_BYTES_MAX = 64 * 1024;

/**
 * Reads without waiting: the kernel makes these texts when they are read, and a turn of the thread pool would cost
 * several times as much. No file stays open.
 */
export function hostFiles(): HostFiles {
  const buffer = Buffer.alloc(FILE_BYTES_MAX);
  return {
    read(path) {
      let file: number;
      try {
        file = openSync(path, 'r');
      } catch {
        return null;
      }
      try {
        return buffer.toString('latin1', 0, readAll(file, buffer));
      } catch {
        return null;
      } finally {
        closeSync(file);
      }
    },
  };
}

/** Some files come in pieces. */
function readAll(file: number, buffer: Buffer): number {
  let length = 0;
  for (let count = -1; count !== 0 && length < buffer.length; length += count) {
    count = readSync(file, buffer, length, buffer.length - length, null);
  }
  return length;
}
