import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { SettingsProblem } from '#libs/platform';
import { ensureInstanceId } from './instance-id.ts';

describe("the host's instance id", () => {
  let home: string;
  beforeEach(async () => {
    home = await mkdtemp(path.join(tmpdir(), 'waybill-agent-'));
  });
  afterEach(async () => await rm(home, { recursive: true }));

  test('is drawn once and kept, for whoever asks first', async () => {
    const [one, two] = await Promise.all([ensureInstanceId(home), ensureInstanceId(home)]);
    expect(one).toMatch(/^[0-9a-f]{32}$/);
    expect([two, await ensureInstanceId(home)]).toEqual([one, one]);
    const file = path.join(home, 'agent', 'instance-id');
    expect(await readFile(file, 'utf8')).toBe(`${one}\n`);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  test('a damaged file is no reason to become another host', async () => {
    await ensureInstanceId(home);
    await writeFile(path.join(home, 'agent', 'instance-id'), '');
    await expect(ensureInstanceId(home)).rejects.toThrow(SettingsProblem);
  });
});
