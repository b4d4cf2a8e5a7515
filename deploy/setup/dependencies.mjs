// @ts-check
/** The npm packages of package-lock.json, installed without running any script of theirs. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readJsonObject } from './json-file.mjs';
import { withSetupLock } from './lock.mjs';
import { findProgram, run } from './process.mjs';
import { SetupError } from './progress.mjs';

const STAMP_FILE = '.waybill-lock-sha256';
const INSTALL_TIMEOUT_MS = 10 * 60_000;

/**
 * @param {import('./context.mjs').SetupContext} context
 * @returns {Promise<{ installed: boolean }>} whether something had to be installed
 */
export async function ensureDependencies(context) {
  const { repositoryRoot, env, log } = context;
  if (isInstalled(repositoryRoot)) {
    log.present('npm packages');
    return { installed: false };
  }
  return withSetupLock(context, async () => {
    // Another set-up may have installed them while we waited.
    if (isInstalled(repositoryRoot)) return { installed: false };
    // The compiler is a development dependency, and NODE_ENV=production would leave it out.
    const args = ['ci', '--ignore-scripts', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];
    const [command, ...first] = npmCommand(env);
    await log.step('install npm packages (npm ci)', () =>
      run(command, [...first, ...args], { cwd: repositoryRoot, env, timeoutMs: INSTALL_TIMEOUT_MS }),
    );
    writeFileSync(stampFile(repositoryRoot), lockHash(repositoryRoot));
    return { installed: true };
  });
}

/** @param {string} root */
const stampFile = (root) => join(root, 'node_modules', STAMP_FILE);

/** @param {string} root */
const lockHash = (root) =>
  createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');

/** @param {string} root */
function isInstalled(root) {
  const wanted = lockHash(root);
  const stamp = stampFile(root);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return true;
  // `npm ci` or `npm install` was run by hand: compare with what npm recorded, and remember the result.
  if (!matchesInstalled(root)) return false;
  writeFileSync(stamp, wanted);
  return true;
}

/**
 * Whether npm's own record of node_modules holds exactly the versions of the lock file. Optional packages for other
 * platforms may be missing.
 *
 * @param {string} root
 */
function matchesInstalled(root) {
  const record = readJsonObject(join(root, 'node_modules', '.package-lock.json'));
  if (record === undefined) return false;
  /** @type {Record<string, { version?: string, optional?: boolean }>} */
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages ?? {};
  const installed = /** @type {Record<string, { version?: string }>} */ (record['packages'] ?? {});
  return Object.entries(wanted).every(([path, { version, optional }]) => {
    if (path === '') return true;
    const found = installed[path];
    return found === undefined ? optional === true : found.version === version;
  });
}

/**
 * The npm that runs us, the one in PATH, or the one that came with this Node.js.
 *
 * @param {NodeJS.ProcessEnv} env
 * @returns {[string, ...string[]]}
 */
function npmCommand(env) {
  const running = env['npm_execpath'];
  if (running && /npm-cli\.c?js$/.test(running) && existsSync(running)) return [process.execPath, running];
  const inPath = findProgram('npm', env);
  if (inPath !== undefined) return [inPath];
  const bundled = join(dirname(process.execPath), '..', 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js');
  if (existsSync(bundled)) return [process.execPath, bundled];
  throw new SetupError('npm is not in PATH: install it (Debian: apt-get install npm)');
}
