import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { isErrno } from '../private-files.ts';

const run = promisify(execFile);
const STAT_FIELDS_BEFORE_STATE = 2;
const STAT_FIELD_START_TIME = 22;
const PS_TIMEOUT_MS = 5_000;

/**
 * When a process began, as text to compare with itself: pid and start distinguish a process from a later one with the same
 * pid. Null: no such process, or it has ended and only waits to be buried.
 */
export async function processStart(pid: number): Promise<string | null> {
  if (process.platform !== 'linux') return await ps(pid, 'lstart=');
  const stat = await readProc(pid, 'stat');
  if (stat === null) return null;
  // The second field is the program's name in brackets and may hold spaces and brackets itself.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields[0] === 'Z' ? null : (fields[STAT_FIELD_START_TIME - STAT_FIELDS_BEFORE_STATE - 1] ?? null);
}

/** The whole command line of a running process, arguments parted by spaces, or null. */
export async function processCommand(pid: number): Promise<string | null> {
  if (process.platform !== 'linux') return await ps(pid, 'command=');
  const text = await readProc(pid, 'cmdline');
  return text === null ? null : text.replaceAll('\0', ' ').trim();
}

async function readProc(pid: number, file: string): Promise<string | null> {
  try {
    return await readFile(`/proc/${pid}/${file}`, 'utf8');
  } catch (error) {
    if (isErrno(error, 'ENOENT') || isErrno(error, 'ESRCH')) return null;
    throw error;
  }
}

async function ps(pid: number, column: string): Promise<string | null> {
  try {
    const { stdout } = await run('ps', ['-o', column, '-p', String(pid)], { timeout: PS_TIMEOUT_MS });
    return stdout.trim() || null;
  } catch (error) {
    // ps ends with 1 if it finds nothing.
    if (isErrno(error, 1)) return null;
    throw error;
  }
}

/** Sends a signal; a process that is gone already is fine. */
export function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (!isErrno(error, 'ESRCH')) throw error;
  }
}
