// @ts-check
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { runBounded } from './bounded.mjs';

describe('a bounded program', () => {
  const folder = mkdtempSync(join(tmpdir(), 'waybill-bounded-'));
  after(() => rmSync(folder, { recursive: true }));
  const run = (/** @type {string} */ program, /** @type {AbortSignal} */ signal) =>
    runBounded(process.execPath, ['-e', program], { cwd: folder, env: process.env, signal, graceMs: 50 });
  const running = () => new AbortController().signal;

  test('that ends by itself succeeds with 0 only', async () => {
    assert.equal(await run('', running()), true);
    assert.equal(await run('process.exit(1)', running()), false);
    assert.equal(await run('', AbortSignal.abort()), false);
  });

  test('that does not listen is killed with all that it started', async () => {
    const stubborn = `process.on('SIGTERM', () => {}); setInterval(() => {}, 1000);`;
    const file = join(folder, 'pid');
    const parent = `${stubborn}
      const child = require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(stubborn)}]);
      require('node:fs').writeFileSync('pid.partial', String(child.pid));
      require('node:fs').renameSync('pid.partial', 'pid');`;
    const stop = new AbortController();
    const ended = run(parent, stop.signal);
    while (!existsSync(file)) await delay(10);
    stop.abort();
    assert.equal(await ended, false);
    const pid = Number(readFileSync(file, 'utf8'));
    while (isRunning(pid)) await delay(10);
  });
});

/** @param {number} pid a killed process without a parent that waits for it stays as a zombie: that counts as gone */
function isRunning(pid) {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.startsWith('Z') === false;
  } catch {
    return false;
  }
}
