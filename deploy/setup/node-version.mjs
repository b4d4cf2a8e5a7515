// @ts-check
/** The oldest Node.js on which everything here runs: package.json says the same to npm, which only warns. */
import { SetupError } from './progress.mjs';

const REQUIRED = { major: 20, minor: 19 };

/**
 * @param {import('./context.mjs').SetupContext} context
 * @param {string} [version] for specs
 * @returns {Promise<{ version: string }>}
 * @throws {SetupError} on an older one
 */
export async function ensureNodeVersion({ log }, version = process.versions.node) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major < REQUIRED.major || (major === REQUIRED.major && minor < REQUIRED.minor)) {
    throw new SetupError(`Node.js ${REQUIRED.major}.${REQUIRED.minor} or newer is needed; this is ${version}`);
  }
  log.present(`Node.js ${version}`);
  return { version };
}
