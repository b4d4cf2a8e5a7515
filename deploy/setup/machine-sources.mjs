// @ts-check
/** The package sources of a Debian machine, as its operator has configured them. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseDeb822, parseOneLine } from './debian-sources.mjs';

/**
 * @typedef {object} MachineSources
 * @property {string} codename of the running release, such as bookworm
 * @property {import('./debian-sources.mjs').Source[]} sources
 */

/**
 * @param {string} [root]
 * @returns {MachineSources | undefined} undefined where the system is not Debian
 */
export function readMachineSources(root = '/') {
  const release = readIfThere(join(root, 'etc/os-release'));
  /** @param {string} name */
  const field = (name) => new RegExp(`^${name}="?([^"\n]*)"?$`, 'm').exec(release)?.[1] ?? '';
  if (field('ID') !== 'debian') return undefined;
  const folder = join(root, 'etc/apt');
  const parts = join(folder, 'sources.list.d');
  const names = existsSync(parts) ? readdirSync(parts).sort() : [];
  const sources = [
    ...parseOneLine(readIfThere(join(folder, 'sources.list'))),
    ...names.filter((name) => name.endsWith('.list')).flatMap((name) => parseOneLine(readIfThere(join(parts, name)))),
    ...names.filter((name) => name.endsWith('.sources')).flatMap((name) => parseDeb822(readIfThere(join(parts, name)))),
  ];
  return { codename: field('VERSION_CODENAME'), sources };
}

/** @param {string} file */
const readIfThere = (file) => (existsSync(file) ? readFileSync(file, 'utf8') : '');
