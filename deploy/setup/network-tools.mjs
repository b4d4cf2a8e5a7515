// @ts-check
/**
 * The programs with which an agent configures the network of its host: nftables for security groups and, with iproute2, for the
 * task metadata endpoint. The machine's own, or the packages of its distribution.
 */
import { canInstall, installPackages } from './apt-install.mjs';
import { findProgram } from './process.mjs';
import { SetupError } from './progress.mjs';

/** @typedef {{ program: string, packageName: string }} Tool */
/** @type {readonly Tool[]} */
const TOOLS = [
  { program: 'nft', packageName: 'nftables' },
  { program: 'ip', packageName: 'iproute2' },
];

/**
 * What the step looks at and may do; specs inject their own.
 * @typedef {object} Probe
 * @property {(tool: Tool) => boolean} isPresent
 * @property {() => boolean} canInstall root on a machine with apt
 * @property {(packages: readonly string[]) => Promise<void>} install
 */

/**
 * Tasks run without them, so a missing one is a warning here, and the tests that need it are left out.
 *
 * @param {import('./context.mjs').SetupContext} context
 * @param {Partial<Probe>} [overrides]
 */
export async function ensureNetworkTools({ env, log }, overrides = {}) {
  /** @type {Probe} */
  const probe = {
    isPresent: ({ program }) => findProgram(program, env) !== undefined,
    canInstall: () => canInstall(env),
    install: (packages) => installPackages(packages, env),
    ...overrides,
  };
  const missing = () => TOOLS.filter((tool) => !probe.isPresent(tool)).map(({ packageName }) => packageName);
  const packages = missing();
  if (packages.length === 0) return log.present('nftables and iproute2');
  let why = '';
  if (probe.canInstall()) {
    try {
      await log.step(`install ${packages.join(', ')} (apt-get)`, () => probe.install(packages));
    } catch (error) {
      if (!(error instanceof SetupError)) throw error;
      why = ` (${error.message})`;
    }
  }
  const lacking = missing().join(' ');
  if (lacking === '') return;
  const what = 'security groups and of the task metadata endpoint';
  log.warn(`the tests of ${what} are left out${why}: as root, apt-get install ${lacking}`);
}
