// @ts-check
/** What every set-up module is given, and where tools that several clones and data folders share are kept. */
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createLog } from './progress.mjs';

/**
 * @typedef {object} SetupContext
 * @property {import('./progress.mjs').Log} log
 * @property {string} home the data folder, WAYBILL_HOME; the set-up itself writes nothing there
 * @property {NodeJS.ProcessEnv} env
 * @property {string} repositoryRoot
 */

/**
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {SetupContext}
 */
export function createContext(env = process.env) {
  const repositoryRoot = resolve(fileURLToPath(new URL('../..', import.meta.url)));
  const home = resolve(env['WAYBILL_HOME'] || join(repositoryRoot, '.waybill'));
  return { log: createLog(process.stderr), home, env, repositoryRoot };
}

/**
 * The per-user cache folder of the XDG base directory specification.
 *
 * @param {SetupContext} context
 */
export function cacheFolder({ env }) {
  return join(env['XDG_CACHE_HOME'] || join(env['HOME'] || homedir(), '.cache'), 'waybill');
}
