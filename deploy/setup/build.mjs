// @ts-check
/** dist/: compiled when the sources are other than those of the last build, file by file, by content. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readJsonObject } from './json-file.mjs';
import { withSetupLock } from './lock.mjs';
import { readNestProjects } from './nest-projects.mjs';
import { run } from './process.mjs';
import { SetupError } from './progress.mjs';

const STAMP_FILE = '.waybill-build.json';
const SOURCE_FILE = /\.(ts|mts|cts|json)$/;
/** Specs are never compiled into dist, so a changed spec is no reason to build. */
const SPEC_FILE = /\.spec\.ts$/;
const SETTINGS = ['package.json', 'package-lock.json', 'nest-cli.json', 'tsconfig.json'];

/**
 * @typedef {object} Fingerprint
 * @property {string} files of the names of all source files
 * @property {string} contents of all names and contents; '' in a stamp says that the build did not end
 */

/**
 * @param {import('./context.mjs').SetupContext} context
 * @returns {Promise<{ built: boolean }>}
 * @throws {import('./progress.mjs').SetupError} with the compiler's output; the next set-up then builds again
 */
export async function ensureBuild(context) {
  const { repositoryRoot, env, log } = context;
  if (isFresh(repositoryRoot)) {
    log.present('build');
    return { built: false };
  }
  return withSetupLock(context, async () => {
    if (isFresh(repositoryRoot)) return { built: false };
    const { tsConfigPath } = readNestProjects(repositoryRoot);
    await log.step(`build (tsc -p ${tsConfigPath})`, () => build(repositoryRoot, env));
    return { built: true };
  });
}

/** @param {string} root */
const stampFile = (root) => join(root, 'dist', STAMP_FILE);

/** @param {string} root */
function isFresh(root) {
  const stamp = readJsonObject(stampFile(root));
  return (
    stamp !== undefined && missingEntryFiles(root).length === 0 && stamp['contents'] === fingerprint(root).contents
  );
}

/**
 * @param {string} root
 * @param {NodeJS.ProcessEnv} env
 */
async function build(root, env) {
  // Taken before the compiler reads: a file that changes meanwhile makes the next check see a stale build.
  const wanted = fingerprint(root);
  const previous = readJsonObject(stampFile(root));
  const dist = join(root, 'dist');
  // Outputs of deleted or renamed sources must not stay.
  if (previous?.['files'] !== wanted.files) rmSync(dist, { recursive: true, force: true });
  mkdirSync(dist, { recursive: true });
  writeFileSync(stampFile(root), JSON.stringify({ ...wanted, contents: '' }));
  const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  await run(process.execPath, [compiler, '-p', readNestProjects(root).tsConfigPath], { cwd: root, env });
  const missing = missingEntryFiles(root);
  if (missing.length > 0) throw new SetupError(`the build made no ${missing.join(', ')}, which nest-cli.json names`);
  writeFileSync(stampFile(root), JSON.stringify(wanted));
}

/**
 * @param {string} root
 * @returns {string[]}
 */
function missingEntryFiles(root) {
  return Object.values(readNestProjects(root).entryFiles).filter((file) => !existsSync(join(root, file)));
}

/**
 * @param {string} root
 * @returns {Fingerprint}
 */
function fingerprint(root) {
  const { tsConfigPath } = readNestProjects(root);
  /** @type {string[]} */
  const folders = JSON.parse(readFileSync(join(root, tsConfigPath), 'utf8')).include;
  const names = [
    ...[...SETTINGS, tsConfigPath].filter((name) => existsSync(join(root, name))),
    ...folders.filter((name) => existsSync(join(root, name))).flatMap((name) => sourceFiles(root, name)),
  ];
  const files = createHash('sha256');
  const contents = createHash('sha256');
  for (const name of names) {
    const content = readFileSync(join(root, name));
    files.update(`${name}\n`);
    contents.update(`${name}\n${content.length}\n`).update(content);
  }
  return { files: files.digest('hex'), contents: contents.digest('hex') };
}

/**
 * @param {string} root
 * @param {string} folder relative to the root
 * @returns {string[]} sorted
 */
function sourceFiles(root, folder) {
  return readdirSync(join(root, folder), { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : sourceFiles(root, path);
      return SOURCE_FILE.test(entry.name) && !SPEC_FILE.test(entry.name) ? [path] : [];
    });
}
