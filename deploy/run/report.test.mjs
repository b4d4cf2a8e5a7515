// @ts-check
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { countsOfJest, leftOutOf } from './jest-reporter.mjs';
import { countsOf, readReport, writeReport } from './report.mjs';

describe('reports', () => {
  const folder = mkdtempSync(join(tmpdir(), 'waybill-report-'));
  const file = join(folder, 'report.json');
  after(() => rmSync(folder, { recursive: true }));

  test('are read as they were written; a missing or broken one is none', () => {
    assert.equal(readReport(file), undefined);
    writeReport({ passed: 3, failed: 1 }, { WAYBILL_REPORT: file });
    assert.deepEqual(readReport(file), { passed: 3, failed: 1 });
    for (const text of ['{"passed":', '{"passed":-1,"failed":0}', '[]', 'null']) {
      writeFileSync(file, text);
      assert.equal(readReport(file), undefined);
    }
  });

  test('of Jest count what could not be loaded or was left out as failed', () => {
    const test = (/** @type {string} */ status) => ({ status, fullName: `a ${status} test` });
    const results = {
      numPassedTests: 5,
      numFailedTests: 1,
      numRuntimeErrorTestSuites: 2,
      testResults: [{ testResults: [test('passed'), test('pending')] }, { testResults: [test('failed')] }],
    };
    assert.deepEqual(countsOfJest(results, false), { passed: 5, failed: 4 });
    assert.deepEqual(leftOutOf(results), ['a pending test']);
  });

  test('of Jest do not count what a selection by name leaves out', () => {
    const testResults = [{ testResults: [{ status: 'pending', fullName: 'another' }] }];
    const results = { numPassedTests: 1, numFailedTests: 0, numRuntimeErrorTestSuites: 0, testResults };
    assert.deepEqual(countsOfJest(results, true), { passed: 1, failed: 0 });
  });

  test('and the exit code must agree', () => {
    assert.deepEqual(countsOf({ passed: 5, failed: 0 }, true), { passed: 5, failed: 0 });
    assert.deepEqual(countsOf({ passed: 5, failed: 0 }, false), { passed: 5, failed: 1 });
    assert.deepEqual(countsOf(undefined, true), { passed: 1, failed: 0 });
    assert.deepEqual(countsOf(undefined, false), { passed: 0, failed: 1 });
  });
});
