// @ts-check
/**
 * `test/fresh-machine [COMMAND…]`: runs commands on a machine that has nothing but Debian and Node.js, so that no step that the
 * set-up lacks can hide behind what this machine happens to have. Without a COMMAND, those of the README. Each starts with
 * what the ones before have installed, but nothing of them still runs, as after a reboot.
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { makeBareMachine } from './fresh-machine/machine.mjs';
import { withSetupErrors } from './run/command.mjs';
import { countsOf, readReport, REPORT_VARIABLE, writeReport } from './run/report.mjs';
import { createContext } from './setup/context.mjs';

const README_COMMANDS = ['npm test', 'node deploy/fresh-machine/readme.mjs', 'npm run demo'];
const USAGE = `usage: test/fresh-machine [COMMAND…]
  without a COMMAND, those of the README: ${README_COMMANDS.join(', ')}
`;
const REPORT = '/srv/waybill-report.json';

const args = process.argv.slice(2);
if (args.some((arg) => arg.startsWith('-'))) {
  const isAsked = args.every((arg) => arg === '--help' || arg === '-h');
  (isAsked ? process.stdout : process.stderr).write(USAGE);
  process.exit(isAsked ? 0 : 2);
}

await withSetupErrors(async () => {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => stop.abort());
  const context = createContext();
  const commands = args.length > 0 ? args : README_COMMANDS;
  const machine = await makeBareMachine(context);
  const total = { passed: 0, failed: 0 };
  try {
    for (const command of commands) {
      process.stdout.write(`\n$ ${command}\n`);
      const startedMs = performance.now();
      const code = await machine.run(command, { env: { [REPORT_VARIABLE]: REPORT }, signal: stop.signal });
      const report = join(machine.root, REPORT);
      const { passed, failed } = countsOf(readReport(report), code === 0);
      rmSync(report, { force: true });
      const minutes = ((performance.now() - startedMs) / 60_000).toFixed(1);
      process.stdout.write(`$ ${command}: exit code ${code}, ${passed} passed, ${failed} failed, ${minutes} min\n`);
      total.passed += passed;
      total.failed += failed;
    }
  } finally {
    await machine.remove();
  }
  writeReport(total);
  if (total.failed > 0) process.exitCode = 1;
});
