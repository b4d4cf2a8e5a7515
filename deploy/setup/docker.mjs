// @ts-check
/**
 * A reachable Docker engine: the one that is there, or Debian's docker.io package, installed and started.
 *
 * The engine that we start outlives us, as it would under systemd: containers keep running when `npm start` ends.
 */
import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { canInstall, installPackages } from './apt-install.mjs';
import { cacheFolder } from './context.mjs';
import { DEFAULT_DOCKER_HOST, ping } from './docker-api.mjs';
import { findProgram, isAlive, isRoot, run } from './process.mjs';
import { SetupError } from './progress.mjs';

const ENGINE_START_TIMEOUT_MS = 60_000;
const PING_INTERVAL_MS = 200;
const LOG_TAIL_LINES = 15;
const ENGINE_PID_FILE = '/var/run/docker.pid';

/**
 * @typedef {import('./context.mjs').SetupContext} SetupContext
 *
 * What the decision looks at and what it may do; specs inject their own.
 * @typedef {object} Probe
 * @property {(dockerHost: string) => ReturnType<typeof ping>} ping
 * @property {(name: string) => string | undefined} findProgram
 * @property {() => boolean} canInstall root on a machine with apt
 * @property {() => boolean} isRoot
 * @property {() => boolean} hasSystemd systemd is PID 1
 * @property {() => boolean} isEngineProcessAlive
 * @property {(packages: readonly string[]) => Promise<void>} install
 * @property {() => Promise<void>} startBySystemd
 * @property {(logFile: string) => Promise<import('node:child_process').ChildProcess | undefined>} spawnEngine
 */

/**
 * @param {SetupContext} context
 * @param {Partial<Probe>} [overrides]
 * @returns {Promise<{ dockerHost: string }>} the address, in the form of DOCKER_HOST
 * @throws {SetupError} with what to install or start, where we may not do it ourselves
 */
export async function ensureDocker(context, overrides = {}) {
  const { env, log } = context;
  const probe = { ...realProbe(context), ...overrides };
  const found = await findEngine(env, probe);
  if ('dockerHost' in found) {
    log.present(`Docker engine at ${found.dockerHost}`);
    return found;
  }
  const missing = missingPackages(probe);
  if (missing.length > 0) {
    if (!probe.canInstall()) throw cannotInstall(missing, probe);
    await log.step(`install ${missing.join(', ')} (apt-get)`, () => probe.install(missing));
  }
  if (!probe.isRoot()) {
    throw new SetupError(
      'the Docker engine is not running: start it as root (systemctl start docker), or set DOCKER_HOST',
    );
  }
  await log.step('start the Docker engine', () => start(context, probe));
  return { dockerHost: DEFAULT_DOCKER_HOST };
}

/**
 * @param {NodeJS.ProcessEnv} env
 * @param {Probe} probe
 * @returns {Promise<{ dockerHost: string } | { code: string }>}
 */
async function findEngine(env, probe) {
  const named = env['DOCKER_HOST'];
  if (named) {
    const answer = await probe.ping(named);
    if (answer.reachable) return { dockerHost: named };
    // This engine was chosen on purpose; starting another one would hide the mistake.
    throw new SetupError(
      `no Docker engine answers at DOCKER_HOST=${named} (${answer.code}): start it or unset DOCKER_HOST`,
    );
  }
  const answer = await probe.ping(DEFAULT_DOCKER_HOST);
  if (answer.reachable) return { dockerHost: DEFAULT_DOCKER_HOST };
  for (const dockerHost of userEngines(env)) {
    if ((await probe.ping(dockerHost)).reachable) return { dockerHost };
  }
  if (answer.code === 'EACCES') {
    throw new SetupError(
      'the Docker engine refuses this user: add the user to the group docker and log in again, or run as root',
    );
  }
  return { code: answer.code };
}

/**
 * Engines of one user: rootless Docker, Docker Desktop.
 *
 * @param {NodeJS.ProcessEnv} env
 */
function userEngines(env) {
  const runtimeFolder = env['XDG_RUNTIME_DIR'];
  const sockets = [
    ...(runtimeFolder ? [join(runtimeFolder, 'docker.sock')] : []),
    join(env['HOME'] || homedir(), '.docker', 'run', 'docker.sock'),
  ];
  return sockets.filter((path) => existsSync(path)).map((path) => `unix://${path}`);
}

/**
 * The docker command alone is no engine: only `dockerd` counts. docker.io merely recommends iptables, but cannot publish
 * a port without it.
 *
 * @param {Probe} probe
 */
function missingPackages(probe) {
  return [
    ...(probe.findProgram('dockerd') === undefined ? ['docker.io'] : []),
    ...(probe.findProgram('iptables') === undefined ? ['iptables'] : []),
  ];
}

/**
 * @param {readonly string[]} missing
 * @param {Probe} probe
 */
function cannotInstall(missing, probe) {
  return new SetupError(
    probe.findProgram('apt-get') === undefined
      ? 'no Docker engine: install Docker Engine for this system and start it, or set DOCKER_HOST'
      : `no Docker engine: as root, apt-get install ${missing.join(' ')} (or run this as root), or set DOCKER_HOST`,
  );
}

/**
 * @param {SetupContext} context
 * @param {Probe} probe
 */
async function start(context, probe) {
  const logFile = join(cacheFolder(context), 'log', 'dockerd.log');
  /** @type {import('node:child_process').ChildProcess | undefined} */
  let engine;
  if (probe.hasSystemd()) await probe.startBySystemd();
  // The package's own start-up, or another one, may be under way: a second engine would refuse its pid file.
  else if (!probe.isEngineProcessAlive()) engine = await probe.spawnEngine(logFile);

  const deadlineMs = performance.now() + ENGINE_START_TIMEOUT_MS;
  while (!(await probe.ping(DEFAULT_DOCKER_HOST)).reachable) {
    const ended = engine !== undefined && engine.exitCode !== null;
    if (ended || performance.now() > deadlineMs) {
      const how = ended
        ? `ended with code ${engine?.exitCode}`
        : `gave no answer in ${ENGINE_START_TIMEOUT_MS / 1000} s`;
      throw new SetupError(`the Docker engine ${how}; its log: ${logFile}`, tail(logFile));
    }
    await delay(PING_INTERVAL_MS);
  }
}

/** @param {string} file */
function tail(file) {
  if (!existsSync(file)) return '';
  return readFileSync(file, 'utf8').trim().split('\n').slice(-LOG_TAIL_LINES).join('\n');
}

/**
 * @param {SetupContext} context
 * @returns {Probe}
 */
function realProbe({ env }) {
  return {
    ping: (dockerHost) => ping(dockerHost, env),
    findProgram: (name) => findProgram(name, env),
    canInstall: () => canInstall(env),
    isRoot,
    hasSystemd: () => existsSync('/run/systemd/system'),
    isEngineProcessAlive: () => existsSync(ENGINE_PID_FILE) && isEngine(readFileSync(ENGINE_PID_FILE, 'utf8')),
    install: (packages) => installPackages(packages, env),
    startBySystemd: async () => void (await run('systemctl', ['start', 'docker'], { env })),
    spawnEngine: (logFile) => spawnEngine(findProgram('dockerd', env) ?? 'dockerd', logFile, env),
  };
}

/**
 * Starts dockerd in a session of its own, so that it lives on when we end and no Ctrl-C of our terminal reaches it.
 *
 * @param {string} program
 * @param {string} logFile
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<import('node:child_process').ChildProcess>}
 */
async function spawnEngine(program, logFile, env) {
  mkdirSync(join(logFile, '..'), { recursive: true });
  const output = openSync(logFile, 'a');
  try {
    const engine = spawn(program, [], { cwd: '/', env, detached: true, stdio: ['ignore', output, output] });
    await new Promise((resolve, reject) => {
      engine.once('spawn', resolve);
      engine.once('error', (error) => reject(new SetupError(`${program} cannot be started: ${error.message}`)));
    });
    engine.unref();
    return engine;
  } finally {
    closeSync(output);
  }
}

/**
 * After a reboot or a crash the number in a left-over pid file may belong to any other program.
 *
 * @param {string} pidText
 */
function isEngine(pidText) {
  const pid = Number(pidText.trim());
  if (!Number.isInteger(pid) || pid <= 0 || !isAlive(pid)) return false;
  const commandFile = `/proc/${pid}/comm`;
  return !existsSync(commandFile) || readFileSync(commandFile, 'utf8').trim() === 'dockerd';
}
