// @ts-check
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const REPORT = (/** @type {number} */ passed, /** @type {number} */ failed) =>
  `import { writeFileSync } from 'node:fs';
   writeFileSync(process.env.WAYBILL_REPORT, '{"passed":${passed},"failed":${failed}}');
   process.exitCode = ${failed === 0 ? 0 : 1};`;
describe('the whole run', () => {
  /** @type {string} */
  let root;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'waybill-ci-spec-'));
    mkdirSync(join(root, 'deploy'));
    const here = fileURLToPath(new URL('.', import.meta.url));
    for (const name of ['ci.mjs', 'run', 'setup'])
      cpSync(join(here, name), join(root, 'deploy', name), { recursive: true });
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  /** @param {Record<'check' | 'fresh-machine' | 'demo', string>} scripts */
  const start = (scripts) => {
    for (const [name, text] of Object.entries(scripts)) writeFileSync(join(root, 'deploy', `${name}.mjs`), text);
    const child = spawn(process.execPath, [join(root, 'deploy', 'ci.mjs')], { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (chunk) => (output += chunk));
    const ended = once(child, 'close').then(([code]) => ({ code, lastLine: output.trimEnd().split('\n').at(-1) }));
    return { child, ended };
  };

  test('counts everything together', async () => {
    const { ended } = start({ check: REPORT(8, 0), 'fresh-machine': REPORT(40, 0), demo: REPORT(12, 0) });
    assert.deepEqual(await ended, { code: 0, lastLine: '60 passed, 0 failed' });
  });

  test('goes on after a failure, and fails', async () => {
    const { ended } = start({ check: REPORT(6, 2), 'fresh-machine': REPORT(40, 0), demo: 'process.exit(1)' });
    assert.deepEqual(await ended, { code: 1, lastLine: '46 passed, 3 failed' });
  });

  test('that is stopped asks its stage to end and counts the rest as failed', async () => {
    const waiting = `process.on('SIGTERM', () => process.exit(0)); setInterval(() => {}, 1000); console.log('waiting');`;
    const { child, ended } = start({ check: REPORT(8, 0), 'fresh-machine': waiting, demo: REPORT(12, 0) });
    for await (const chunk of child.stdout) if (String(chunk).includes('waiting')) break;
    child.kill('SIGTERM');
    assert.equal((await ended).code, 1);
  });
});
