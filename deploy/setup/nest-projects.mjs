// @ts-check
/** nest-cli.json: what is compiled, and where each app begins. The Nest CLI itself is not needed to build. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * @typedef {object} NestProjects
 * @property {string} tsConfigPath relative to the root
 * @property {Readonly<Record<string, string>>} entryFiles the compiled entry file of each app, relative to the root
 */

/**
 * @param {string} root
 * @returns {NestProjects}
 */
export function readNestProjects(root) {
  /** @type {{ compilerOptions: { tsConfigPath: string }, projects: Record<string, { sourceRoot: string, entryFile: string }> }} */
  const { compilerOptions, projects } = JSON.parse(readFileSync(join(root, 'nest-cli.json'), 'utf8'));
  const entryFiles = Object.fromEntries(
    Object.entries(projects).map(([name, { sourceRoot, entryFile }]) => [name, `dist/${sourceRoot}/${entryFile}.js`]),
  );
  return { tsConfigPath: compilerOptions.tsConfigPath, entryFiles };
}

/**
 * @param {string} root
 * @param {string} app
 * @returns {string} the compiled entry file, relative to the root
 */
export function entryFileOf(root, app) {
  const entryFile = readNestProjects(root).entryFiles[app];
  if (entryFile === undefined) throw new Error(`nest-cli.json has no project ${app}`);
  return entryFile;
}
