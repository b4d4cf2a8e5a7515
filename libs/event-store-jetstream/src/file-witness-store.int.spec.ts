import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { FileWitnessStore } from './file-witness-store.ts';

const witness = (revision: number, shard = 'ecs.1') => ({ shard, revision, hash: `hash-${revision}`, term: 1 });
let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'waybill-witness-'));
  path = join(folder, 'witness.json');
});
afterEach(async () => await rm(folder, { recursive: true }));

describe('FileWitnessStore', () => {
  test('remembers the newest witness of each shard over a restart', async () => {
    const store = await FileWitnessStore.open(path);
    expect(await store.read('ecs.1')).toBeNull();
    await Promise.all([
      store.write(witness(1)),
      store.write(witness(3)),
      store.write(witness(2)),
      store.write(witness(7, 'ecs.2')),
    ]);
    const again = await FileWitnessStore.open(path);
    expect(await again.read('ecs.1')).toEqual(witness(3));
    expect(await again.read('ecs.2')).toEqual(witness(7, 'ecs.2'));
    expect(await readdir(folder)).toEqual(['witness.json']);
  });

  test('a write that fails is told, and the next one holds everything', async () => {
    const store = await FileWitnessStore.open(join(folder, 'later', 'witness.json'));
    await expect(store.write(witness(1))).rejects.toThrow(/ENOENT/);
    const whole = await FileWitnessStore.open(path);
    await whole.write(witness(1));
    await whole.write(witness(2, 'ecs.2'));
    expect(await (await FileWitnessStore.open(path)).read('ecs.1')).toEqual(witness(1));
  });

  test.each(['', '{"v":1', '{"v":2,"witnesses":{}}', 'null'])('does not take %j for "no witness"', async (text) => {
    await writeFile(path, text);
    await expect(FileWitnessStore.open(path)).rejects.toThrow(/not a file of witnesses/);
  });
});
