import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from '@jest/globals';

/** Compares with a reviewed JSON file; `UPDATE_GOLDENS=1` writes it, and the difference is read in review. */
export function expectGolden(name: string, value: unknown): void {
  const path = fileURLToPath(new URL(`./goldens/${name}.json`, import.meta.url));
  // What a client gets: members without a value are gone.
  const actual: unknown = JSON.parse(JSON.stringify(value));
  if (process.env['UPDATE_GOLDENS'] === '1') writeFileSync(path, `${JSON.stringify(actual, null, 2)}\n`);
  expect(existsSync(path)).toBe(true);
  expect(actual).toEqual(JSON.parse(readFileSync(path, 'utf8')));
}
