// @ts-check
/**
 * A machine that has nothing but Debian and Node.js, with a clone of HEAD in /srv/waybill: a copy of the base as its root, and
 * mounts, processes and network of its own. What the product needs, its set-up has to install.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { canInstall, installPackages } from '../setup/apt-install.mjs';
import { findProgram, isAlive, isRoot, run, tryRun } from '../setup/process.mjs';
import { SetupError } from '../setup/progress.mjs';
import { addPackageSources, ensureBase, machinesFolder } from './base.mjs';
import { closeNetwork, namespaceFile, openNetwork } from './network.mjs';

const CLONE = 'srv/waybill';
const ENTER = fileURLToPath(new URL('enter.sh', import.meta.url));
const ENVIRONMENT = {
  HOME: '/root',
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  LANG: 'C.UTF-8',
  CI: 'true',
};
const PROXIES = ['http_proxy', 'https_proxy', 'no_proxy', 'HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY'];
/** Program and Debian's package. */
const TOOLS = [
  ['debootstrap', 'debootstrap'],
  ['ip', 'iproute2'],
  ['iptables', 'iptables'],
  ['git', 'git'],
];
const ROOT_NAME = /^root-(\d+)-(\d+)$/;

/**
 * @typedef {object} BareMachine
 * @property {string} root its root folder, as seen from here
 * @property {(command: string, options: RunOptions) => Promise<number>} run a command of sh in the clone; its exit code
 * @property {() => Promise<void>} remove
 *
 * @typedef {{ env?: Readonly<Record<string, string>>, signal: AbortSignal }} RunOptions
 */

/**
 * @param {import('../setup/context.mjs').SetupContext} context
 * @returns {Promise<BareMachine>}
 * @throws {SetupError} with one line that says why none can be made here
 */
export async function makeBareMachine(context) {
  const { env, log, repositoryRoot } = context;
  await checkPrivileges();
  await ensureTools(context);
  const changed = await run('git', ['status', '--porcelain'], { cwd: repositoryRoot });
  if (changed !== '') log.warn('the clone has what is committed; there are changes that are not');
  const base = await ensureBase(context);
  await removeLeftOvers(context);
  const slot = await openNetwork();
  const root = join(machinesFolder(context), `root-${slot}-${process.pid}`);
  const remove = async () => {
    await closeNetwork(slot);
    await run('rm', ['-rf', '--one-file-system', root]);
  };
  try {
    await log.step('make a bare machine with a clone of HEAD', async () => {
      await run('cp', ['-a', base, root]);
      await addPackageSources(root, env);
      await run('git', ['clone', '--quiet', '--no-hardlinks', repositoryRoot, join(root, CLONE)], { env });
    });
  } catch (error) {
    await remove();
    throw error;
  }
  return { root, remove, run: (command, options) => runInside(slot, root, command, env, options) };
}

/** Root inside a container may still lack the right to make namespaces. */
async function checkPrivileges() {
  if (!isRoot()) throw new SetupError('a bare machine cannot be made here: it needs root privileges');
  const { code, output } = await tryRun('unshare', ['--mount', '--pid', '--net', '--fork', 'true']);
  if (code !== 0) throw new SetupError(`a bare machine cannot be made here: no namespaces (${output.trim()})`);
}

/** @param {import('../setup/context.mjs').SetupContext} context */
async function ensureTools({ env, log }) {
  const missing = TOOLS.filter(([program = '']) => findProgram(program, env) === undefined).map(
    ([, name = '']) => name,
  );
  if (missing.length === 0) return;
  if (!canInstall(env)) throw new SetupError(`a bare machine cannot be made here: install ${missing.join(', ')}`);
  await log.step(`install ${missing.join(', ')} (apt-get)`, () => installPackages(missing, env));
}

/**
 * Removes what runs that were killed have left behind.
 *
 * @param {import('../setup/context.mjs').SetupContext} context
 */
async function removeLeftOvers(context) {
  const folder = machinesFolder(context);
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(folder)) {
    const [, slot, pid] = ROOT_NAME.exec(name) ?? [];
    if (slot === undefined || isAlive(Number(pid))) continue;
    await closeNetwork(Number(slot));
    const { code } = await tryRun('rm', ['-rf', '--one-file-system', join(folder, name)]);
    // What the killed run had started may still be writing there.
    if (code !== 0) context.log.warn(`${join(folder, name)} could not be removed; the next run tries again`);
  }
}

/**
 * @param {number} slot
 * @param {string} root
 * @param {string} command
 * @param {NodeJS.ProcessEnv} env
 * @param {RunOptions} options
 * @returns {Promise<number>}
 */
function runInside(slot, root, command, env, { env: extra = {}, signal }) {
  const proxies = PROXIES.flatMap((name) => (env[name] ? [[name, env[name]]] : []));
  const variables = [...Object.entries(ENVIRONMENT), ...proxies, ...Object.entries(extra)];
  const args = [`--net=${namespaceFile(slot)}`, 'unshare', '--mount', '--pid', '--fork', '--kill-child', ENTER];
  const settings = variables.map(([name, value]) => `${name}=${value}`);
  return new Promise((resolve, reject) => {
    if (signal.aborted) return resolve(1);
    // However we end, the machine ends with us.
    const child = spawn('setpriv', ['--pdeathsig', 'KILL', 'nsenter', ...args, root, command, ...settings], {
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    // Its first process dies with unshare, and all others of its process namespace with that one.
    const kill = () => child.kill('SIGKILL');
    signal.addEventListener('abort', kill);
    child.on('error', reject);
    child.on('exit', (code) => {
      signal.removeEventListener('abort', kill);
      resolve(code ?? 1);
    });
  });
}
