import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { logTail, readableLogLine } from './log-tail.ts';

describe('readableLogLine', () => {
  test.each([
    ['{"level":60,"time":"x","msg":"it did not start","err":{"message":"no NATS"}}', 'FATAL it did not start: no NATS'],
    ['{"level":30,"msg":"the API answers"}', 'INFO the API answers'],
    ['Error: boom', 'Error: boom'],
    ['{"level":30,"msg":"cut o', '{"level":30,"msg":"cut o'],
  ])('%s', (line, expected) => {
    expect(readableLogLine(line)).toBe(expected);
  });
});

describe('logTail', () => {
  let folder: string;
  beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'waybill-log-'))));
  afterEach(() => rm(folder, { recursive: true }));

  test('the last lines of this life only', async () => {
    const path = join(folder, 'x.log');
    const before = 'an earlier life\n';
    await writeFile(path, `${before}one\n\ntwo\nthree\n`);
    expect(await logTail(path, before.length, 2)).toEqual(['two', 'three']);
    expect(await logTail(path, before.length, 9)).toEqual(['one', 'two', 'three']);
  });
});
