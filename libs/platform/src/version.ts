import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The product's version. */
export function productVersion(): string {
  return (JSON.parse(readFileSync(path.join(productFolder(), 'package.json'), 'utf8')) as { version: string }).version;
}

/** The clone or installation: the folder of the package.json above this file, wherever it was built to or started from. */
export function productFolder(): string {
  let folder = path.dirname(fileURLToPath(import.meta.url));
  for (;;) {
    if (existsSync(path.join(folder, 'package.json'))) return folder;
    const parent = path.dirname(folder);
    if (parent === folder) throw new Error('no package.json above this file');
    folder = parent;
  }
}
