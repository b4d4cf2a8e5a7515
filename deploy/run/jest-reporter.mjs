// @ts-check
/**
 * A Jest reporter for every run: it ends with the tests that were left out, and reports the counts to the command that
 * asked for them. A test that was left out proves nothing, so it counts as failed there.
 */
import { writeReport } from './report.mjs';

/**
 * The part of Jest's results that is read here.
 * @typedef {object} Results
 * @property {number} numPassedTests
 * @property {number} numFailedTests
 * @property {number} numRuntimeErrorTestSuites files that could not be loaded: they have no tests to count
 * @property {readonly { testResults: readonly { status: string, fullName: string }[] }[]} testResults
 */

export default class JestReporter {
  /** @param {{ testNamePattern?: string }} globalConfig */
  constructor({ testNamePattern }) {
    // Who selects tests by name leaves out the others on purpose.
    this.selects = Boolean(testNamePattern);
  }

  /**
   * @param {unknown} _contexts
   * @param {Results} results
   */
  onRunComplete(_contexts, results) {
    const leftOut = this.selects ? [] : leftOutOf(results);
    if (leftOut.length > 0) process.stderr.write(`\nLeft out:\n${leftOut.map((name) => `  ${name}\n`).join('')}`);
    writeReport(countsOfJest(results, this.selects));
  }
}

/**
 * @param {Results} results
 * @param {boolean} selects whether tests were selected by name
 * @returns {import('./report.mjs').Counts}
 */
export function countsOfJest(results, selects) {
  const { numPassedTests, numFailedTests, numRuntimeErrorTestSuites } = results;
  const leftOut = selects ? 0 : leftOutOf(results).length;
  return { passed: numPassedTests, failed: numFailedTests + numRuntimeErrorTestSuites + leftOut };
}

/** @param {Results} results */
export const leftOutOf = ({ testResults }) =>
  testResults
    .flatMap((file) => file.testResults)
    .filter(({ status }) => status === 'pending' || status === 'todo')
    .map(({ fullName }) => fullName);
