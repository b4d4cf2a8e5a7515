// @ts-check
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, test } from 'node:test';

const MODULE = new URL('./foreground.mjs', import.meta.url).href;

/**
 * Runs `runInForeground` in a process of its own, over a program given as text.
 *
 * @param {string} program
 */
function start(program) {
  const runner = `
    const { runInForeground } = await import(${JSON.stringify(MODULE)});
    process.exitCode = await runInForeground(process.execPath, ['-e', ${JSON.stringify(program)}], { cwd: '/', env: process.env });`;
  // A session of its own has no terminal, however this spec is run.
  const child = spawn(process.execPath, ['--input-type=module', '-e', runner], {
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (chunk) => (output += chunk));
  return { child, output: () => output, ended: once(child, 'close') };
}

describe('a program in the foreground', () => {
  test('gives us its exit code', async () => {
    const { ended } = start('process.exit(7)');
    assert.deepEqual(await ended, [7, null]);
  });

  test('that a signal ended gives 128 and its number', async () => {
    const { ended } = start('process.kill(process.pid, "SIGKILL")');
    assert.deepEqual(await ended, [137, null]);
  });

  test('hears a doubled Ctrl-C once, and we wait for its own end', async () => {
    const { child, output, ended } = start(`
      let count = 0;
      const hear = () => { count++; setTimeout(() => { console.log('heard', count); process.exit(3); }, 300); };
      // Which of different signals is delivered first is the kernel's choice.
      for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, hear);
      setInterval(() => {}, 1000);
      console.log('ready');`);
    await once(child.stdout, 'data');
    child.kill('SIGINT');
    child.kill('SIGINT');
    child.kill('SIGTERM');
    assert.deepEqual(await ended, [3, null]);
    assert.match(output(), /heard 1/);
  });
});
