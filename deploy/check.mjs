// @ts-check
/** `npm run check`: format, lint, types, dependency rules, dead code, and the specs of the set-up itself. One line per check. */
import { readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { withSetupErrors } from './run/command.mjs';
import { mapFewAtOnce } from './run/pool.mjs';
import { writeReport } from './run/report.mjs';
import { createContext } from './setup/context.mjs';
import { setUp } from './setup/index.mjs';
import { tryRun } from './setup/process.mjs';

const FOLDERS = ['libs', 'apps', 'test'];
/** The compilers take most of the memory, and more of them at once than cores gain nothing. */
const AT_ONCE = Math.min(2, availableParallelism());

/**
 * @typedef {object} Check
 * @property {string} name
 * @property {readonly string[]} command arguments of Node.js
 */

/**
 * @param {string} root
 * @returns {Check[]}
 */
function checks(root) {
  const specs = readdirSync(join(root, 'deploy'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.mjs'))
    .map((name) => join('deploy', name));
  return [
    { name: 'types', command: [bin('tsc'), '--noEmit', '-p', 'tsconfig.json'] },
    { name: 'types of the pure libs', command: [bin('tsc'), '--noEmit', '-p', 'tsconfig.pure.json'] },
    { name: 'types of deploy', command: [bin('tsc'), '--noEmit', '-p', 'deploy/tsconfig.json'] },
    { name: 'format (prettier)', command: [bin('prettier'), '--check', '--log-level=warn', '.'] },
    { name: 'lint (oxlint)', command: [bin('oxlint')] },
    {
      name: 'dependency rules (depcruise)',
      command: [bin('depcruise'), '--config', '.dependency-cruiser.cjs', ...FOLDERS],
    },
    { name: 'dead code (knip)', command: [bin('knip')] },
    { name: 'specs of deploy', command: ['--test', ...specs] },
  ];
}

/**
 * npm's links lead to JavaScript files, so Node.js runs them without a shell.
 *
 * @param {string} name
 */
const bin = (name) => join('node_modules', '.bin', name);

/**
 * @param {Check} check
 * @param {{ cwd: string, env: NodeJS.ProcessEnv }} options
 * @returns {Promise<boolean>} whether it passed
 */
async function runCheck({ name, command }, options) {
  const startedMs = performance.now();
  const { code, output } = await tryRun(process.execPath, command, options);
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
  // In one write, so that two checks that end together do not mix their lines.
  process.stdout.write(
    code === 0 ? `ok      ${name}, ${seconds} s\n` : `FAILED  ${name}, ${seconds} s\n${output.trimEnd()}\n`,
  );
  return code === 0;
}

await withSetupErrors(async () => {
  const context = createContext();
  const env = await setUp(context, []);
  const options = { cwd: context.repositoryRoot, env };
  const results = await mapFewAtOnce(checks(context.repositoryRoot), AT_ONCE, (check) => runCheck(check, options));
  const passed = results.filter(Boolean).length;
  writeReport({ passed, failed: results.length - passed });
  if (passed < results.length) process.exitCode = 1;
});
