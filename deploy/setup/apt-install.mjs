// @ts-check
/** Installing packages of the machine's own distribution: the only thing of the set-up that changes the system. */
import { findProgram, isRoot, run, tryRun } from './process.mjs';

/** Another apt may be at work (unattended upgrades); we wait for its lock that long. */
const LOCK_TIMEOUT_SECONDS = 120;

/** @param {NodeJS.ProcessEnv} env */
export const canInstall = (env) => isRoot() && findProgram('apt-get', env) !== undefined;

/**
 * Installs packages without their recommendations. The package lists are fetched only if the ones at hand do not do.
 *
 * @param {readonly string[]} packages
 * @param {NodeJS.ProcessEnv} env
 */
export async function installPackages(packages, env) {
  const options = { env: { ...env, DEBIAN_FRONTEND: 'noninteractive' } };
  const lock = ['-o', `DPkg::Lock::Timeout=${LOCK_TIMEOUT_SECONDS}`];
  const install = [...lock, 'install', '-y', '-q', '--no-install-recommends', ...packages];
  const first = await tryRun('apt-get', install, options);
  if (first.code === 0) return;
  // No lists yet, or lists so old that they name files that are gone.
  await run('apt-get', [...lock, 'update', '-q'], options);
  await run('apt-get', install, options);
}
