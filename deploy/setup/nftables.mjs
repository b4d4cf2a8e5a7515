// @ts-check
/** nftables, with which an agent enforces security groups: the machine's own, or the package of its distribution. */
import { canInstall, installPackages } from './apt-install.mjs';
import { findProgram } from './process.mjs';
import { SetupError } from './progress.mjs';

/**
 * What the step looks at and may do; specs inject their own.
 * @typedef {object} Probe
 * @property {() => boolean} isPresent
 * @property {() => boolean} canInstall root on a machine with apt
 * @property {() => Promise<void>} install
 */

/**
 * Only security groups need it, so a missing one is a warning here, and their tests are left out.
 *
 * @param {import('./context.mjs').SetupContext} context
 * @param {Partial<Probe>} [overrides]
 */
export async function ensureNftables({ env, log }, overrides = {}) {
  /** @type {Probe} */
  const probe = {
    isPresent: () => findProgram('nft', env) !== undefined,
    canInstall: () => canInstall(env),
    install: () => installPackages(['nftables'], env),
    ...overrides,
  };
  if (probe.isPresent()) return log.present('nftables');
  let why = '';
  if (probe.canInstall()) {
    try {
      await log.step('install nftables (apt-get)', () => probe.install());
    } catch (error) {
      if (!(error instanceof SetupError)) throw error;
      why = ` (${error.message})`;
    }
  }
  if (probe.isPresent()) return;
  log.warn(`the tests of security groups are left out${why}: as root, apt-get install nftables`);
}
