// @ts-check
/** One set-up at a time in a clone: two terminals may run `npm start` and `npm test` at once. */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { cacheFolder } from './context.mjs';
import { isAlive } from './process.mjs';
import { SetupError } from './progress.mjs';

const WAIT_TIMEOUT_MS = 10 * 60_000;
const RETRY_INTERVAL_MS = 250;

/**
 * Does the work while no other set-up of this clone is at work. A lock whose holder is dead is taken over.
 *
 * @template T
 * @param {import('./context.mjs').SetupContext} context
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withSetupLock(context, work) {
  const folder = join(cacheFolder(context), 'locks');
  mkdirSync(folder, { recursive: true });
  // Not inside the clone: `npm ci` deletes node_modules, and a build may delete dist.
  const file = join(folder, createHash('sha256').update(context.repositoryRoot).digest('hex').slice(0, 16));
  const deadlineMs = performance.now() + WAIT_TIMEOUT_MS;
  while (!tryTake(file)) {
    if (performance.now() > deadlineMs) {
      throw new SetupError(`another set-up of this clone is still at work (process ${readHolder(file)}, ${file})`);
    }
    await delay(RETRY_INTERVAL_MS);
  }
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}

/** @param {string} file */
function tryTake(file) {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
  const holder = readHolder(file);
  // An empty file is one that its holder is about to write.
  if (holder === undefined || isAlive(holder)) return false;
  rmSync(file, { force: true });
  return false;
}

/** @param {string} file */
function readHolder(file) {
  try {
    const pid = Number(readFileSync(file, 'utf8'));
    return pid > 0 ? pid : undefined;
  } catch {
    return undefined;
  }
}
