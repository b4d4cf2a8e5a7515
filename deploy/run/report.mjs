// @ts-check
/**
 * How a command reports to another one how many things passed: a file that the environment variable WAYBILL_REPORT names and
 * that holds `{"passed": N, "failed": N}`.
 */
import { writeFileSync } from 'node:fs';
import { readJsonObject } from '../setup/json-file.mjs';

export const REPORT_VARIABLE = 'WAYBILL_REPORT';

/** @typedef {{ passed: number, failed: number }} Counts */

/**
 * @param {Counts} counts
 * @param {NodeJS.ProcessEnv} [env]
 */
export function writeReport(counts, env = process.env) {
  const file = env[REPORT_VARIABLE];
  if (file) writeFileSync(file, JSON.stringify(counts));
}

/**
 * @param {string} file
 * @returns {Counts | undefined} undefined if the command wrote none, or not a whole one
 */
export function readReport(file) {
  const { passed, failed } = readJsonObject(file) ?? {};
  return isCount(passed) && isCount(failed) ? { passed, failed } : undefined;
}

/**
 * What a command counts for, from its report and its end. The two must agree: a command that fails has at least one
 * failure, and one without a report counts as one thing.
 *
 * @param {Counts | undefined} report
 * @param {boolean} succeeded
 * @returns {Counts}
 */
export function countsOf(report, succeeded) {
  if (report === undefined) return succeeded ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
  return succeeded ? report : { ...report, failed: Math.max(report.failed, 1) };
}

/**
 * @param {unknown} value
 * @returns {value is number}
 */
const isCount = (value) => Number.isSafeInteger(value) && Number(value) >= 0;
