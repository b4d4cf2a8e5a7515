import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { ensureInstanceId, instanceIdFile, instanceIdFrom } from './instance-id.ts';
import { SettingsProblem } from './settings/settings.ts';

describe("the host's instance id", () => {
  let home: string;
  beforeEach(async () => {
    home = await mkdtemp(path.join(tmpdir(), 'waybill-instance-id-'));
  });
  afterEach(async () => await rm(home, { recursive: true }));

  test('is drawn once and kept, whichever process asks first', async () => {
    const [one, two] = await Promise.all([ensureInstanceId(home), ensureInstanceId(home)]);
    expect(one).toMatch(/^[0-9a-f]{32}$/);
    expect([two, await ensureInstanceId(home)]).toEqual([one, one]);
    expect((await stat(instanceIdFile(home))).mode & 0o777).toBe(0o600);
  });

  test('may be named, by what a subject can carry', () => {
    expect(instanceIdFrom({ WAYBILL_INSTANCE_ID: 'rack-7' })).toBe('rack-7');
    expect(instanceIdFrom({ WAYBILL_INSTANCE_ID: '' })).toBeNull();
    expect(() => instanceIdFrom({ WAYBILL_INSTANCE_ID: '>' })).toThrow('WAYBILL_INSTANCE_ID');
  });

  test.each([
    ['empty', () => ''],
    ['another digit', (text: string) => (text.startsWith('0') ? `1${text.slice(1)}` : `0${text.slice(1)}`)],
    ['cut off', (text: string) => text.slice(0, 40)],
    ['what no subject can carry', () => 'a.b'],
  ])('a damaged file (%s) is no reason to become another host', async (_name, damage) => {
    await ensureInstanceId(home);
    const file = instanceIdFile(home);
    const damaged = damage(await readFile(file, 'utf8'));
    await writeFile(file, damaged);
    await expect(ensureInstanceId(home)).rejects.toThrow(SettingsProblem);
    await expect(ensureInstanceId(home)).rejects.toThrow(file);
    expect(await readFile(file, 'utf8')).toBe(damaged);
  });
});
