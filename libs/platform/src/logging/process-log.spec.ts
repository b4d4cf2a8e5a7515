import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { openProcessLog, watchProcessLog } from './process-log.ts';

const BYTES_MAX = 10_000;
/** Writes a numbered line every millisecond or so, until it is killed. */
const CHATTER = 'let n = 0; setInterval(() => process.stderr.write(`line ${n++} ${"x".repeat(200)}\\n`), 1);';

let folder: string;
let file: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'waybill-process-log-'));
  file = path.join(folder, 'child.log');
});

afterEach(async () => await rm(folder, { recursive: true }));

describe('the log of a process', () => {
  test('stays small while the process runs, and the process goes on writing', async () => {
    const log = await openProcessLog(file);
    const child = spawn(process.execPath, ['-e', CHATTER], { stdio: ['ignore', log.fd, log.fd] });
    await log.close();
    const watch = watchProcessLog(file, { bytesMax: BYTES_MAX, intervalMs: 20 });
    try {
      for (let i = 0; i < 500 && !watch.wasPutAside; i++) await pause(20);
      expect(watch.wasPutAside).toBe(true);
      // What was kept stays whole. It may just be replaced by the next part.
      watch.stop();
      for (let i = 0; i < 500 && (await stat(`${file}.1`)).size <= BYTES_MAX; i++) await pause(20);
      expect((await stat(`${file}.1`)).size).toBeGreaterThan(BYTES_MAX);
      const before = (await stat(file)).size;
      for (let i = 0; i < 500 && (await stat(file)).size === before; i++) await pause(20);
      // No hole: what is written after the file was emptied begins at its beginning.
      expect(await readFile(file, 'latin1')).toMatch(/^line \d+ x+\n/);
    } finally {
      watch.stop();
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
  });

  test('that is small is left alone', async () => {
    await writeFile(file, 'one line\n');
    const watch = watchProcessLog(file, { bytesMax: BYTES_MAX, intervalMs: 5 });
    await pause(50);
    watch.stop();
    expect(watch.wasPutAside).toBe(false);
    expect(await readFile(file, 'utf8')).toBe('one line\n');
  });
});
