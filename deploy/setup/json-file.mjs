// @ts-check
/** Small files that another program may have left half written. */
import { existsSync, readFileSync } from 'node:fs';

/**
 * The object in a file; undefined if there is no file, or something else in it: then it is made anew.
 *
 * @param {string} file
 * @returns {Record<string, unknown> | undefined}
 */
export function readJsonObject(file) {
  if (!existsSync(file)) return undefined;
  try {
    const value = JSON.parse(readFileSync(file, 'utf8'));
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
