// @ts-check
/** Amazon's own clients, which the conformance specs drive: those of the machine, or Debian's packages. */
import { canInstall, installPackages } from './apt-install.mjs';
import { tryRun } from './process.mjs';
import { SetupError } from './progress.mjs';

const PROBE_TIMEOUT_MS = 30_000;

/** @typedef {{ name: string, packageName: string, command: readonly [string, ...string[]] }} Client */
/** @type {readonly Client[]} */
const CLIENTS = [
  { name: 'the AWS CLI', packageName: 'awscli', command: ['aws', '--version'] },
  { name: 'boto3', packageName: 'python3-boto3', command: ['python3', '-c', 'import boto3'] },
];

/**
 * What the step looks at and may do; specs inject their own.
 * @typedef {object} Probe
 * @property {(client: Client) => Promise<boolean>} runs
 * @property {() => boolean} canInstall root on a machine with apt
 * @property {(packages: readonly string[]) => Promise<void>} install
 */

/**
 * Without a client, the specs that drive it are skipped, so a missing one is a warning here and a failure in CI.
 *
 * @param {import('./context.mjs').SetupContext} context
 * @param {Partial<Probe>} [overrides]
 */
export async function ensureAwsClients({ env, log }, overrides = {}) {
  /** @type {Probe} */
  const probe = {
    runs: async ({ command: [program, ...args] }) =>
      (await tryRun(program, args, { env, timeoutMs: PROBE_TIMEOUT_MS })).code === 0,
    canInstall: () => canInstall(env),
    install: (packages) => installPackages(packages, env),
    ...overrides,
  };
  let missing = await missingClients(probe);
  if (missing.length === 0) return log.present('AWS CLI and boto3');
  let why = '';
  if (probe.canInstall()) {
    const packages = packagesOf(missing);
    try {
      await log.step(`install ${packages.join(', ')} (apt-get)`, () => probe.install(packages));
    } catch (error) {
      if (!(error instanceof SetupError)) throw error;
      why = ` (${error.message})`;
    }
    missing = await missingClients(probe);
  }
  if (missing.length === 0) return;
  const names = missing.map(({ name }) => name).join(' and ');
  log.warn(`the tests with ${names} are left out${why}: as root, apt-get install ${packagesOf(missing).join(' ')}`);
}

/** @param {Probe} probe */
async function missingClients(probe) {
  const found = await Promise.all(CLIENTS.map((client) => probe.runs(client)));
  return CLIENTS.filter((_, index) => !found[index]);
}

/** @param {readonly Client[]} clients */
const packagesOf = (clients) => clients.map(({ packageName }) => packageName);
