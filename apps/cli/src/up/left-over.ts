import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);
/** A process whose parent was killed notices at once and needs a moment to stop in order. */
const LEAVE_TIMEOUT_MS = 5_000;
const POLL_INTERVAL_MS = 20;

/**
 * Waits until a process that a killed `waybill up` left behind has ended, and ends it if it does not: two of a kind must
 * never run on one data folder, and it holds the port. Another program that has the pid by now is left alone.
 * @param entry the module that the process runs; its command line names it
 */
export async function buryLeftOver(pid: number | null, entry: string): Promise<void> {
  if (pid === null || pid <= 1) return;
  const deadline = performance.now() + LEAVE_TIMEOUT_MS;
  while (await processRuns(pid, entry)) {
    if (performance.now() > deadline) kill(pid);
    await pause(POLL_INTERVAL_MS);
  }
}

/** Whether a live process has these words in its command line. */
export async function processRuns(pid: number, entry: string): Promise<boolean> {
  return (await commandLine(pid)).includes(entry);
}

/** Arguments parted by spaces; empty for a process that is gone, or gone but for its burial. */
async function commandLine(pid: number): Promise<string> {
  try {
    if (process.platform === 'linux') return (await readFile(`/proc/${pid}/cmdline`, 'utf8')).replaceAll('\0', ' ');
    return (await run('ps', ['-o', 'command=', '-p', String(pid)])).stdout;
  } catch {
    // Both fail for exactly one reason that matters here: there is no such process.
    return '';
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
