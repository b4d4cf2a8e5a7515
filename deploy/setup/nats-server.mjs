// @ts-check
/** A nats-server that keeps what it acknowledged: WAYBILL_NATS_SERVER, the machine's, the cached one, or Debian's package. */
import { join } from 'node:path';
import { cacheFolder } from './context.mjs';
import { canFetchFromDebian, fetchDebianProgram } from './debian-program.mjs';
import { findProgram, isExecutableFile, tryRun } from './process.mjs';
import { SetupError } from './progress.mjs';

/** `sync_interval: always` exists from here on; without it acknowledged events can be lost. */
const VERSION_REQUIRED = '2.10.0';
/** Older ones let any user who may publish on $JS.> purge any account (CVE-2025-30215). */
const VERSION_ADVISED = '2.10.27';
const BY_HAND = `install nats-server ${VERSION_ADVISED} or newer and put it in PATH or in WAYBILL_NATS_SERVER`;

/**
 * @typedef {import('./context.mjs').SetupContext} SetupContext
 * @typedef {{ path: string, version: string }} NatsServer
 *
 * What the choice looks at; specs inject their own.
 * @typedef {object} Probe
 * @property {(path: string) => Promise<string | undefined>} versionOf undefined if it cannot be run
 * @property {() => string | undefined} inPath
 * @property {() => string | undefined} inCache
 * @property {() => boolean} canFetch
 * @property {() => Promise<string>} fetch
 */

/**
 * @param {SetupContext} context
 * @param {Partial<Probe>} [overrides]
 * @returns {Promise<NatsServer>}
 * @throws {SetupError} if there is none and none can be fetched
 */
export async function ensureNatsServer(context, overrides = {}) {
  const { env, log } = context;
  const probe = { ...realProbe(context), ...overrides };
  const named = env['WAYBILL_NATS_SERVER'];
  if (named) return accept(context, await inspectNamed(named, probe));

  const installed = await inspect(probe.inPath(), probe);
  if (installed !== undefined && isAtLeast(installed.version, VERSION_ADVISED)) return accept(context, installed);
  const cached = await inspect(probe.inCache(), probe);
  if (cached !== undefined && isAtLeast(cached.version, VERSION_ADVISED)) return accept(context, cached);

  const fallback = installed ?? cached;
  if (!probe.canFetch()) {
    if (fallback === undefined) throw new SetupError(`no nats-server: ${BY_HAND}`);
    return accept(context, fallback);
  }
  try {
    const path = await log.step('fetch nats-server (Debian package, through apt)', () => probe.fetch());
    const fetched = await inspect(path, probe);
    if (fetched === undefined) throw new SetupError(`the fetched ${path} does not run here: ${BY_HAND}`);
    return checked(fetched, log);
  } catch (error) {
    // Without a network, an older one that syncs its writes is better than none; `accept` says what is wrong with it.
    if (!(error instanceof SetupError) || fallback === undefined) throw error;
    return accept(context, fallback);
  }
}

/**
 * @param {SetupContext} context
 * @param {NatsServer} server
 * @returns {NatsServer}
 */
function accept({ log }, server) {
  log.present(`nats-server ${server.version} at ${server.path}`);
  return checked(server, log);
}

/**
 * @param {NatsServer} server
 * @param {import('./progress.mjs').Log} log
 * @returns {NatsServer}
 */
function checked(server, log) {
  if (!isAtLeast(server.version, VERSION_REQUIRED)) {
    throw new SetupError(`${server.path} is ${server.version}, but ${VERSION_REQUIRED} is needed at least: ${BY_HAND}`);
  }
  if (!isAtLeast(server.version, VERSION_ADVISED)) {
    log.warn(
      `${server.path} is ${server.version}; ${VERSION_ADVISED} closes CVE-2025-30215: keep its port to yourself`,
    );
  }
  return server;
}

/**
 * @param {string} path
 * @param {Probe} probe
 */
async function inspectNamed(path, probe) {
  const server = await inspect(path, probe);
  if (server === undefined) throw new SetupError(`WAYBILL_NATS_SERVER=${path} is not a nats-server that runs here`);
  return server;
}

/**
 * @param {string | undefined} path
 * @param {Probe} probe
 * @returns {Promise<NatsServer | undefined>}
 */
async function inspect(path, probe) {
  const version = path === undefined ? undefined : await probe.versionOf(path);
  return path === undefined || version === undefined ? undefined : { path, version };
}

/**
 * Compares the three numbers. A pre-release counts as the release before which it comes: good enough for a lower bound.
 *
 * @param {string} version such as 2.10.27 or 2.12.0-RC.1
 * @param {string} bound
 */
export function isAtLeast(version, bound) {
  /** @param {string} text */
  const numbers = (text) => text.split('-', 1).join('').split('.').map(Number);
  const [have, need] = [numbers(version), numbers(bound)];
  for (let index = 0; index < 3; index++) {
    const difference = (have[index] ?? 0) - (need[index] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return true;
}

/** @param {SetupContext} context */
const cachePath = (context) => join(cacheFolder(context), 'bin', 'nats-server');

/**
 * The one that an earlier set-up fetched, or undefined.
 *
 * @param {SetupContext} context
 */
export function cachedNatsServer(context) {
  const path = cachePath(context);
  return isExecutableFile(path) ? path : undefined;
}

/**
 * @param {SetupContext} context
 * @returns {Probe}
 */
function realProbe(context) {
  const { env } = context;
  return {
    async versionOf(path) {
      const { code, output } = await tryRun(path, ['--version'], { env, timeoutMs: 10_000 });
      return code === 0 ? /\bv(\d+\.\d+\.\d+\S*)/.exec(output)?.[1] : undefined;
    },
    inPath: () => findProgram('nats-server', env),
    inCache: () => cachedNatsServer(context),
    canFetch: () => canFetchFromDebian(env),
    async fetch() {
      const destination = cachePath(context);
      const programPaths = ['usr/sbin/nats-server', 'usr/bin/nats-server'];
      await fetchDebianProgram({ packageName: 'nats-server', programPaths, destination }, env);
      return destination;
    },
  };
}
