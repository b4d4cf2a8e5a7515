// @ts-check
/**
 * The bare root that each run copies: Debian's minimal system, Node.js and npm. debootstrap makes it once from the machine's
 * own package sources; it stays in the cache until Debian's release, Node.js, npm or this recipe changes.
 */
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  realpathSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { cacheFolder } from '../setup/context.mjs';
import { sourcesOfRelease } from '../setup/debian-sources.mjs';
import { readMachineSources } from '../setup/machine-sources.mjs';
import { findProgram, run, tryRun } from '../setup/process.mjs';
import { SetupError } from '../setup/progress.mjs';

/** Counted up when anything below changes what is in the root. */
const RECIPE = 1;
const BASE_PREFIX = 'base-';
const CA_BUNDLE = 'etc/ssl/certs/ca-certificates.crt';
/** What apt needs to know to reach the mirrors. The rest of a machine's apt settings is not a bare machine's. */
const APT_TRANSPORT = /^Acquire::(https?|Check-\w+|Retries|Force\w+)\b.*[^{]$/;
const HOSTS = '127.0.0.1 localhost\n::1 localhost ip6-localhost ip6-loopback\n';

/** @param {import('../setup/context.mjs').SetupContext} context */
export const machinesFolder = (context) => join(cacheFolder(context), 'fresh-machine');

/**
 * @param {import('../setup/context.mjs').SetupContext} context
 * @returns {Promise<string>} the folder
 * @throws {SetupError} where the system is not Debian, or debootstrap fails
 */
export async function ensureBase(context) {
  const machine = readMachineSources();
  const main = machine?.sources.find(
    ({ types, suites, components }) =>
      types.includes('deb') && suites.includes(machine.codename) && components.includes('main'),
  );
  const mirror = main?.uris[0];
  if (machine === undefined || main === undefined || mirror === undefined) {
    throw new SetupError("a bare machine is made from this machine's own Debian package sources, and it has none");
  }
  const npm = npmFolder(context.env);
  const npmVersion = JSON.parse(readFileSync(join(npm, 'package.json'), 'utf8')).version;
  const facts = JSON.stringify([RECIPE, machine.codename, process.version, npmVersion]);
  const name = `${BASE_PREFIX}${createHash('sha256').update(facts).digest('hex').slice(0, 12)}`;
  const base = join(machinesFolder(context), name);
  if (existsSync(base)) return base;
  await context.log.step(`make a bare Debian ${machine.codename} (debootstrap)`, async () => {
    const partial = `${base}.${process.pid}.partial`;
    mkdirSync(partial, { recursive: true });
    const keyring = main.signedBy === '' ? [] : [`--keyring=${main.signedBy}`];
    const options = ['--variant=minbase', '--include=ca-certificates', ...keyring];
    await run('debootstrap', [...options, machine.codename, partial, mirror], { env: context.env });
    await run('rm', ['-rf', join(partial, 'var/lib/apt/lists'), join(partial, 'var/cache/apt')]);
    mkdirSync(join(partial, 'var/cache/apt/archives/partial'), { recursive: true });
    mkdirSync(join(partial, 'var/lib/apt/lists/partial'), { recursive: true });
    await addNode(partial, npm);
    for (const old of readdirSync(dirname(base)).filter((other) => other.startsWith(BASE_PREFIX))) {
      if (old !== `${name}.${process.pid}.partial`) await run('rm', ['-rf', join(dirname(base), old)]);
    }
    renameSync(partial, base);
  });
  return base;
}

/**
 * The folder of the npm package that this machine's `npm` belongs to.
 *
 * @param {NodeJS.ProcessEnv} env
 */
function npmFolder(env) {
  const npm = findProgram('npm', env);
  if (npm === undefined) throw new SetupError('npm is not in PATH: a bare machine gets its npm from here');
  return dirname(dirname(realpathSync(npm)));
}

/**
 * @param {string} root
 * @param {string} npm
 */
async function addNode(root, npm) {
  cpSync(realpathSync(process.execPath), join(root, 'usr/bin/node'));
  cpSync(npm, join(root, 'usr/lib/node_modules/npm'), { recursive: true, verbatimSymlinks: true });
  for (const name of ['npm', 'npx']) {
    symlinkSync(`../lib/node_modules/npm/bin/${name}-cli.js`, join(root, 'usr/bin', name));
  }
  const { code, output } = await tryRun('chroot', [root, 'node', '--version']);
  if (code !== 0) {
    throw new SetupError('this Node.js needs libraries that a bare Debian lacks: use a build of nodejs.org', output);
  }
}

/**
 * The operator's ways to the package sources, in a copy of the base: name servers, mirrors, proxies, certificates, and npm's
 * registry. They are not kept in the cache, because they may hold passwords and change from day to day.
 *
 * @param {string} root
 * @param {NodeJS.ProcessEnv} env
 */
export async function addPackageSources(root, env) {
  const machine = readMachineSources();
  if (machine === undefined) throw new Error('a base is made on Debian only');
  const { sources, codename } = machine;
  writeFileSync(join(root, 'etc/apt/sources.list'), '');
  writeFileSync(join(root, 'etc/apt/sources.list.d/debian.sources'), sourcesOfRelease(sources, codename, codename));
  const settings = (await run('apt-config', ['dump'], { env })).split('\n').filter((line) => APT_TRANSPORT.test(line));
  writeFileSync(join(root, 'etc/apt/apt.conf.d/50transport'), `${settings.join('\n')}\n`);
  writeFileSync(join(root, 'etc/hosts'), HOSTS);
  // A stub of systemd-resolved listens on the host's loopback only; the file behind it names the real servers.
  const upstream = '/run/systemd/resolve/resolv.conf';
  const nodePrefix = dirname(dirname(realpathSync(process.execPath)));
  copyIfThere(existsSync(upstream) ? upstream : '/etc/resolv.conf', join(root, 'etc/resolv.conf'));
  copyIfThere(join('/', CA_BUNDLE), join(root, CA_BUNDLE));
  copyIfThere(join(nodePrefix, 'etc/npmrc'), join(root, 'usr/etc/npmrc'));
  copyIfThere(join(env['HOME'] || homedir(), '.npmrc'), join(root, 'root/.npmrc'));
}

/**
 * @param {string} from
 * @param {string} to
 */
function copyIfThere(from, to) {
  if (existsSync(from)) cpSync(from, to, { dereference: true, force: true });
}
