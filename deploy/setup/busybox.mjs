// @ts-check
/** A statically linked busybox: the only program of the demo image. */
import { closeSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder } from './context.mjs';
import { canFetchFromDebian, fetchDebianProgram } from './debian-program.mjs';
import { findProgram, isExecutableFile } from './process.mjs';
import { SetupError } from './progress.mjs';

const ELF_HEAD_BYTES = 4096;
const PROGRAM_INTERPRETER = 3;

/**
 * @param {import('./context.mjs').SetupContext} context
 * @returns {Promise<string>} its path
 * @throws {SetupError} if there is none and none can be fetched
 */
export async function ensureStaticBusybox(context) {
  const { env, log } = context;
  const cached = join(cacheFolder(context), 'bin', 'busybox');
  const found = [findProgram('busybox', env), cached].find((path) => path !== undefined && isStaticProgram(path));
  if (found !== undefined) return found;
  if (!canFetchFromDebian(env)) {
    throw new SetupError(
      'the demo image needs a static busybox: install it (Debian, Ubuntu: apt-get install busybox-static)',
    );
  }
  // Unpacked beside us, not installed: the package would push out the machine's own busybox.
  const programPaths = ['usr/bin/busybox', 'bin/busybox'];
  await log.step('fetch busybox-static (Debian package, through apt)', () =>
    fetchDebianProgram({ packageName: 'busybox-static', programPaths, destination: cached }, env),
  );
  return cached;
}

/**
 * Whether a file is an ELF program that asks for no dynamic linker: only such a one runs in an image without libraries.
 *
 * @param {string} path
 */
function isStaticProgram(path) {
  if (!isExecutableFile(path)) return false;
  const head = Buffer.alloc(ELF_HEAD_BYTES);
  const file = openSync(path, 'r');
  try {
    readSync(file, head, 0, ELF_HEAD_BYTES, 0);
  } finally {
    closeSync(file);
  }
  const isElf = head.readUInt32BE(0) === 0x7f454c46;
  const isLittleEndian = head[5] === 1;
  if (!isElf || !isLittleEndian) return false;
  const is64Bit = head[4] === 2;
  const tableOffset = is64Bit ? Number(head.readBigUInt64LE(32)) : head.readUInt32LE(28);
  const entryBytes = head.readUInt16LE(is64Bit ? 54 : 42);
  const entries = head.readUInt16LE(is64Bit ? 56 : 44);
  if (tableOffset + entries * entryBytes > ELF_HEAD_BYTES) return false;
  return Array.from({ length: entries }, (_, index) => head.readUInt32LE(tableOffset + index * entryBytes)).every(
    (type) => type !== PROGRAM_INTERPRETER,
  );
}
