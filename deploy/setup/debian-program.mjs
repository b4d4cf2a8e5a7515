// @ts-check
/**
 * One program out of a Debian package, without installing the package: downloaded through apt, checked by apt against
 * Debian's keys, unpacked in a private folder. /etc/apt and the package database of the machine are only read.
 */
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { sourcesOfRelease } from './debian-sources.mjs';
import { readMachineSources } from './machine-sources.mjs';
import { findProgram, run, tryRun } from './process.mjs';
import { SetupError } from './progress.mjs';

/** The oldest release whose packages are new enough. Its programs that we fetch run on Debian 12 too. */
const DEBIAN_RELEASE = 'trixie';
const APT_TIMEOUT_MS = 5 * 60_000;
const TOOLS = ['apt-get', 'dpkg-deb'];

/**
 * Whether programs can be fetched here: Debian itself, with sources of its own.
 *
 * @param {NodeJS.ProcessEnv} env
 * @param {string} [root] for specs
 */
export function canFetchFromDebian(env, root = '/') {
  return TOOLS.every((tool) => findProgram(tool, env) !== undefined) && debianSources(root) !== '';
}

/**
 * @param {string} [root]
 * @returns {string} a `.sources` text for {@link DEBIAN_RELEASE}, or '' where there is none to derive
 */
function debianSources(root = '/') {
  const machine = readMachineSources(root);
  return machine === undefined ? '' : sourcesOfRelease(machine.sources, machine.codename, DEBIAN_RELEASE);
}

/**
 * @param {object} wanted
 * @param {string} wanted.packageName
 * @param {readonly string[]} wanted.programPaths where the package keeps it, newest habit first, relative to /
 * @param {string} wanted.destination where to put it; replaced at once, never half written
 * @param {NodeJS.ProcessEnv} env
 * @throws {SetupError} if apt cannot get or cannot verify it
 */
export async function fetchDebianProgram({ packageName, programPaths, destination }, env) {
  const folder = mkdtempSync(join(tmpdir(), 'waybill-setup-'));
  try {
    const packageFile = await download(packageName, folder, env);
    await run('dpkg-deb', ['-x', packageFile, join(folder, 'root')], { env });
    const program = programPaths.map((path) => join(folder, 'root', path)).find((path) => existsSync(path));
    if (program === undefined) throw new SetupError(`the package ${packageName} holds no ${programPaths.join(' or ')}`);
    mkdirSync(dirname(destination), { recursive: true });
    const partial = `${destination}.${process.pid}.partial`;
    copyFileSync(program, partial);
    chmodSync(partial, 0o755);
    renameSync(partial, destination);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * @param {string} packageName
 * @param {string} folder
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<string>} the package file
 */
async function download(packageName, folder, env) {
  // apt gives its downloads to a user without rights, who must be able to enter.
  chmodSync(folder, 0o755);
  for (const name of ['sources', 'lists/partial', 'cache/archives/partial', 'package']) {
    mkdirSync(join(folder, name), { recursive: true });
  }
  writeFileSync(join(folder, 'sources', 'release.sources'), debianSources());
  const options = Object.entries({
    'Dir::Etc::sourcelist': '/dev/null',
    'Dir::Etc::sourceparts': join(folder, 'sources'),
    'Dir::Etc::preferences': '/dev/null',
    'Dir::Etc::preferencesparts': '/dev/null',
    'Dir::State::lists': join(folder, 'lists'),
    'Dir::Cache': join(folder, 'cache'),
    'APT::Default-Release': '',
  }).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
  const apt = { cwd: join(folder, 'package'), env, timeoutMs: APT_TIMEOUT_MS };
  // A mirror without one of the suites fails the update as a whole; what counts is whether the package can be had.
  const update = await tryRun('apt-get', [...options, 'update', '-q'], apt);
  const fetched = await tryRun('apt-get', [...options, 'download', '-q', packageName], apt);
  const file = readdirSync(apt.cwd).find((name) => name.endsWith('.deb'));
  if (fetched.code !== 0 || file === undefined) {
    const output = `${update.output.trim()}\n${fetched.output.trim()}`;
    throw new SetupError(`apt could not fetch ${packageName} from Debian ${DEBIAN_RELEASE}`, output);
  }
  return join(apt.cwd, file);
}
