// @ts-check
/** A program that is not trusted to end: in a process group of its own, with a deadline for all of it. */
import { spawn } from 'node:child_process';

/** A stopped demo removes its containers; after that, whatever is left is killed. */
const STOP_GRACE_MS = 30_000;

/**
 * Runs a program to its end, or until the signal says stop: then it is asked to end, and after a while its whole process
 * group is killed.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd: string, env: NodeJS.ProcessEnv, signal: AbortSignal, graceMs?: number }} options
 * @returns {Promise<boolean>} whether it ended by itself with 0
 */
export function runBounded(command, args, { cwd, env, signal, graceMs = STOP_GRACE_MS }) {
  if (signal.aborted) return Promise.resolve(false);
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'inherit', 'inherit'], detached: true });
    /** @type {NodeJS.Timeout | undefined} */
    let killer;
    const stop = () => {
      child.kill('SIGTERM');
      killer = setTimeout(() => killGroup(child.pid), graceMs);
    };
    signal.addEventListener('abort', stop);
    const settled = () => {
      signal.removeEventListener('abort', stop);
      clearTimeout(killer);
    };
    child.on('error', (error) => {
      settled();
      reject(error);
    });
    child.on('exit', (code) => {
      settled();
      // What it started and left behind when it was stopped must not outlive it.
      if (signal.aborted) killGroup(child.pid);
      resolve(code === 0 && !signal.aborted);
    });
  });
}

/** @param {number | undefined} groupId */
function killGroup(groupId) {
  if (groupId === undefined) return;
  try {
    process.kill(-groupId, 'SIGKILL');
  } catch (error) {
    // No process is left in it.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
