// @ts-check
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { countsOf, readJestReport, readReport, writeReport } from './report.mjs';

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

  test('of Jest count a file that could not be loaded as a failure', () => {
    writeFileSync(file, '{"numPassedTests":5,"numFailedTests":1,"numRuntimeErrorTestSuites":2}');
    assert.deepEqual(readJestReport(file), { passed: 5, failed: 3 });
  });

  test('and the exit code must agree', () => {
    assert.deepEqual(countsOf({ passed: 5, failed: 0 }, true), { passed: 5, failed: 0 });
    assert.deepEqual(countsOf({ passed: 5, failed: 0 }, false), { passed: 5, failed: 1 });
    assert.deepEqual(countsOf(undefined, true), { passed: 1, failed: 0 });
    assert.deepEqual(countsOf(undefined, false), { passed: 0, failed: 1 });
  });
});
