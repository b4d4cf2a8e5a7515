import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { expect } from '@jest/globals';

/**
 * @param folder where the reviewed JSON files are
 * @returns compares with one of them; `UPDATE_GOLDENS=1` writes it, and the difference is read in review
 */
export function goldensIn(folder: URL): (name: string, value: unknown) => void {
  return (name, value) => {
    const file = new URL(`${name}.json`, folder);
    // What a client gets: members without a value are gone.
    const actual: unknown = JSON.parse(JSON.stringify(value));
    if (process.env['UPDATE_GOLDENS'] === '1') writeFileSync(file, `${JSON.stringify(actual, null, 2)}\n`);
    expect(existsSync(file)).toBe(true);
    expect(actual).toEqual(JSON.parse(readFileSync(file, 'utf8')));
  };
}
