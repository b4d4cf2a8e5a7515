// @ts-check
/**
 * `node deploy/complete-lock.mjs`: run it after every `npm install` that changes package-lock.json.
 *
 * A registry mirror may lack the optional packages of other platforms. npm then writes a lock file without them, and
 * `npm ci` refuses that file everywhere. This adds the missing entries: the version that the parent asks for, the platform
 * that the name contains, no checksum. npm skips them where the platform is another one.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const file = process.argv[2] ?? fileURLToPath(new URL('../package-lock.json', import.meta.url));
const SYSTEMS = ['darwin', 'win32', 'android', 'freebsd', 'openbsd', 'netbsd', 'openharmony', 'linux', 'aix', 'sunos'];
const PROCESSORS = ['arm64', 'arm', 'x64', 'ia32', 'ppc64', 'riscv64', 's390x', 'loong64', 'wasm32'];

/**
 * @typedef {{ version?: string, dev?: boolean, optional?: boolean, cpu?: string[], os?: string[], libc?: string[],
 *   optionalDependencies?: Record<string, string> }} LockEntry
 */

/**
 * @param {string} name such as \@swc/core-linux-arm64-musl
 * @returns {Pick<LockEntry, 'cpu' | 'os' | 'libc'>}
 */
function platformOf(name) {
  const words = name.split(/[/-]/);
  const cpu = PROCESSORS.find((word) => words.includes(word));
  const os = SYSTEMS.find((word) => words.includes(word));
  const libc = words.some((word) => word.startsWith('musl')) ? 'musl' : 'glibc';
  return {
    ...(cpu === undefined ? {} : { cpu: [cpu] }),
    ...(os === undefined ? {} : { os: [os] }),
    ...(os === 'linux' ? { libc: [libc] } : {}),
  };
}

/** @type {{ packages: Record<string, LockEntry> }} */
const lock = JSON.parse(readFileSync(file, 'utf8'));
const added = Object.entries(lock.packages).flatMap(([parentPath, parent]) =>
  Object.entries(parent.optionalDependencies ?? {}).flatMap(([name, range]) => {
    const path = `node_modules/${name}`;
    if (path in lock.packages || `${parentPath}/${path}` in lock.packages) return [];
    // Without an exact version it is unknown what the registry holds.
    if (!/^\d+\.\d+\.\d+/.test(range)) throw new Error(`${parentPath} asks for ${name}@${range}: add it by hand`);
    const dev = parent.dev === true ? { dev: true } : {};
    /** @type {[string, LockEntry]} */
    const entry = [path, { version: range, ...dev, optional: true, ...platformOf(name) }];
    return [entry];
  }),
);
if (added.length > 0) {
  const { '': root, ...others } = { ...lock.packages, ...Object.fromEntries(added) };
  const sorted = Object.entries(others).sort(([a], [b]) => (a < b ? -1 : 1));
  lock.packages = { ...(root === undefined ? {} : { '': root }), ...Object.fromEntries(sorted) };
  writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
}
process.stdout.write(`${added.length} entries added to ${file}\n`);
