import { copyFile, type FileHandle, open, stat, truncate } from 'node:fs/promises';

/** A log that has become larger is put aside as `<log>.1`, in the place of the one before. */
const LOG_BYTES_MAX = 16 * 1024 * 1024;
const CHECK_INTERVAL_MS = 10_000;

export interface ProcessLogWatch {
  /** The log has been put aside since the watch began, so that it begins anew. */
  readonly wasPutAside: boolean;
  stop(): void;
}

/** The log file that a child process is to write to, opened so that every write goes to its end. */
export async function openProcessLog(path: string): Promise<FileHandle> {
  await putAsideIfLarge(path, LOG_BYTES_MAX);
  return await open(path, 'a', 0o600);
}

/** Keeps the log of a running process small. The process goes on writing to the same file; its next write begins it anew. */
export function watchProcessLog(
  path: string,
  { bytesMax = LOG_BYTES_MAX, intervalMs = CHECK_INTERVAL_MS } = {},
): ProcessLogWatch {
  let wasPutAside = false;
  let isBusy = false;
  const timer = setInterval(() => {
    // A second one at a time would put the emptied file in the place of what the first one has kept.
    if (isBusy) return;
    isBusy = true;
    putAsideIfLarge(path, bytesMax)
      .then(
        (isDone) => (wasPutAside ||= isDone),
        // A full disk, or a file that has been removed: it is looked at again.
        () => {},
      )
      .finally(() => (isBusy = false));
  }, intervalMs);
  timer.unref();
  return {
    get wasPutAside() {
      return wasPutAside;
    },
    stop: () => clearInterval(timer),
  };
}

/** Copied and emptied, because a process that writes to the file would follow it to another name. */
async function putAsideIfLarge(path: string, bytesMax: number): Promise<boolean> {
  const size = await stat(path).then(
    (found) => found.size,
    () => 0,
  );
  if (size <= bytesMax) return false;
  await copyFile(path, `${path}.1`);
  await truncate(path);
  return true;
}
