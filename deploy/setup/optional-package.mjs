// @ts-check
/** A program that some tests need and the product can do without: the machine's own, or a package of its distribution. */
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
 * A missing one is a warning, and its tests are left out.
 *
 * @param {import('./context.mjs').SetupContext} context
 * @param {{ program: string, packageName: string, testsOf: string }} wanted
 * @param {Partial<Probe>} [overrides]
 */
export async function ensureOptionalPackage({ env, log }, { program, packageName, testsOf }, overrides = {}) {
  /** @type {Probe} */
  const probe = {
    isPresent: () => findProgram(program, env) !== undefined,
    canInstall: () => canInstall(env),
    install: () => installPackages([packageName], env),
    ...overrides,
  };
  if (probe.isPresent()) return log.present(packageName);
  let why = '';
  if (probe.canInstall()) {
    try {
      await log.step(`install ${packageName} (apt-get)`, () => probe.install());
    } catch (error) {
      if (!(error instanceof SetupError)) throw error;
      why = ` (${error.message})`;
    }
  }
  if (probe.isPresent()) return;
  log.warn(`the tests of ${testsOf} are left out${why}: as root, apt-get install ${packageName}`);
}
