// @ts-check
/**
 * Everything that must hold: the checks, the tests, the demo. All three run even if one fails; the last line counts them
 * together, and the exit code is 0 only if something ran and nothing failed.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runBounded } from './run/bounded.mjs';
import { REPORT_VARIABLE, countsOf, readJestReport, readReport } from './run/report.mjs';

const DEADLINE_MS = 85 * 60_000;
const root = fileURLToPath(new URL('..', import.meta.url));
const reports = mkdtempSync(join(tmpdir(), 'waybill-ci-'));
const stop = new AbortController();

/**
 * @typedef {object} Stage
 * @property {string} name its script is deploy/<name>.mjs
 * @property {(file: string) => string[]} args
 * @property {(file: string) => NodeJS.ProcessEnv} env
 * @property {(file: string) => import('./run/report.mjs').Counts | undefined} read
 *
 * The file is where the stage's report goes.
 */
/** @type {Pick<Stage, 'args' | 'env' | 'read'>} */
const ownReport = { args: () => [], env: (file) => ({ [REPORT_VARIABLE]: file }), read: readReport };
/** @type {readonly Stage[]} */
const STAGES = [
  { name: 'check', ...ownReport },
  { name: 'test', args: (file) => ['--ci', '--json', `--outputFile=${file}`], env: () => ({}), read: readJestReport },
  { name: 'demo', ...ownReport },
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
for (const { name, args, env, read } of STAGES) {
  process.stdout.write(`\n== ${name}\n`);
  const file = join(reports, `${name}.json`);
  const succeeded = await runBounded(process.execPath, [join(root, 'deploy', `${name}.mjs`), ...args(file)], {
    cwd: root,
    env: { ...process.env, ...env(file) },
    signal: stop.signal,
  });
  const { passed, failed } = countsOf(read(file), succeeded);
  process.stdout.write(`== ${name}: ${passed} passed, ${failed} failed\n`);
  total.passed += passed;
  total.failed += failed;
}
clearTimeout(deadline);
rmSync(reports, { recursive: true, force: true });
process.stdout.write(`\n${total.passed} passed, ${total.failed} failed\n`);
process.exitCode = total.failed === 0 && total.passed > 0 ? 0 : 1;
