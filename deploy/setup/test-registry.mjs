// @ts-check
/** An image registry for specs: WAYBILL_TEST_REGISTRY, the machine's, the cached one, or Debian's package. It is never started here. */
import { join } from 'node:path';
import { cacheFolder } from './context.mjs';
import { canFetchFromDebian, fetchDebianProgram } from './debian-program.mjs';
import { findProgram, isExecutableFile } from './process.mjs';
import { SetupError } from './progress.mjs';

const PROGRAM = 'docker-registry';

/**
 * @typedef {import('./context.mjs').SetupContext} SetupContext
 *
 * What the choice looks at; specs inject their own.
 * @typedef {object} Probe
 * @property {(path: string) => boolean} isExecutable
 * @property {() => string | undefined} inPath
 * @property {() => boolean} canFetch
 * @property {(destination: string) => Promise<void>} fetch
 */

/**
 * @param {SetupContext} context
 * @param {Partial<Probe>} [overrides]
 * @returns {Promise<{ path: string }>}
 * @throws {SetupError} if there is none and none can be fetched
 */
export async function ensureTestRegistry(context, overrides = {}) {
  const { env, log } = context;
  const probe = { ...realProbe(context), ...overrides };
  const named = env['WAYBILL_TEST_REGISTRY'];
  if (named && !probe.isExecutable(named)) throw new SetupError(`WAYBILL_TEST_REGISTRY=${named} is not a program`);
  const cached = join(cacheFolder(context), 'bin', PROGRAM);
  const found = named || probe.inPath() || (probe.isExecutable(cached) ? cached : undefined);
  if (found !== undefined) {
    log.present(`${PROGRAM} at ${found}`);
    return { path: found };
  }
  if (!probe.canFetch()) {
    throw new SetupError(`no ${PROGRAM} for the tests: install it, or name a registry in WAYBILL_TEST_REGISTRY`);
  }
  await log.step(`fetch ${PROGRAM} (Debian package, through apt)`, () => probe.fetch(cached));
  return { path: cached };
}

/**
 * @param {SetupContext} context
 * @returns {Probe}
 */
function realProbe({ env }) {
  return {
    isExecutable: isExecutableFile,
    inPath: () => findProgram(PROGRAM, env),
    canFetch: () => canFetchFromDebian(env),
    // The package itself would start a registry on port 5000.
    fetch: (destination) =>
      fetchDebianProgram({ packageName: PROGRAM, programPaths: [`usr/bin/${PROGRAM}`], destination }, env),
  };
}
