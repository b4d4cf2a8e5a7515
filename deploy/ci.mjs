// @ts-check
/**
 * Everything that must hold: the checks here, the tests on a machine that has nothing but Debian and Node.js, the demo here.
 * All three run even if one fails; the last line counts them together, and the exit code is 0 only if something ran and
 * nothing failed.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runBounded } from './run/bounded.mjs';
import { REPORT_VARIABLE, countsOf, readReport } from './run/report.mjs';

const DEADLINE_MS = 58 * 60_000;
const root = fileURLToPath(new URL('..', import.meta.url));
const reports = mkdtempSync(join(tmpdir(), 'waybill-ci-'));
const stop = new AbortController();

/** @typedef {{ name: string, script: string, args: readonly string[] }} Stage the script is one of this folder */
/** @type {readonly Stage[]} */
const STAGES = [
  { name: 'check', script: 'check.mjs', args: [] },
  { name: 'test', script: 'fresh-machine.mjs', args: ['npm test -- --ci'] },
  { name: 'demo', script: 'demo.mjs', args: [] },
];

/** @param {string} why */
const stopAll = (why) => {
  if (stop.signal.aborted) return;
  process.stdout.write(`\nstopped: ${why}\n`);
  stop.abort();
};
const deadline = setTimeout(() => stopAll(`not done in ${DEADLINE_MS / 60_000} minutes`), DEADLINE_MS);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => stopAll(signal));

const total = { passed: 0, failed: 0 };
for (const { name, script, args } of STAGES) {
  process.stdout.write(`\n== ${name}\n`);
  const file = join(reports, `${name}.json`);
  const succeeded = await runBounded(process.execPath, [join(root, 'deploy', script), ...args], {
    cwd: root,
    env: { ...process.env, [REPORT_VARIABLE]: file },
    signal: stop.signal,
  });
  const { passed, failed } = countsOf(readReport(file), succeeded);
  process.stdout.write(`== ${name}: ${passed} passed, ${failed} failed\n`);
  total.passed += passed;
  total.failed += failed;
}
clearTimeout(deadline);
rmSync(reports, { recursive: true, force: true });
process.stdout.write(`\n${total.passed} passed, ${total.failed} failed\n`);
process.exitCode = total.failed === 0 && total.passed > 0 ? 0 : 1;
