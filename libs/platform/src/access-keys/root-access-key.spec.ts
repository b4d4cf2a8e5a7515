import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { FileDamaged } from '../file-damaged.ts';
import { ensureRootAccessKey, readRootAccessKey, rootAccessKeyFile } from './root-access-key.ts';

let home: string;
beforeEach(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'waybill-key-'));
});
afterEach(() => rm(home, { recursive: true }));

describe('the root access key', () => {
  test('is made once, for its owner only', async () => {
    const first = await ensureRootAccessKey(home);
    expect(first.created).toBe(true);
    expect(first.key.accessKeyId).toMatch(/^AKIA[A-Z2-7]{16}$/);
    expect(first.key.secretAccessKey).toHaveLength(40);
    expect((await stat(rootAccessKeyFile(home))).mode & 0o777).toBe(0o600);
    expect(await ensureRootAccessKey(home)).toEqual({ key: first.key, created: false });
  });

  test.each(['', '{}', 'null', '{"accessKeyId":"AKIA'])(
    'in a damaged file (%s) is not replaced, but asked for',
    async (text) => {
      await ensureRootAccessKey(home);
      const file = rootAccessKeyFile(home);
      await writeFile(file, text);
      await expect(readRootAccessKey(home)).rejects.toThrow(`${file} is damaged: restore it, or remove it`);
      await expect(ensureRootAccessKey(home)).rejects.toThrow(FileDamaged);
      expect(await readFile(file, 'utf8')).toBe(text);
    },
  );
});
