import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
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
    expect((await readdir(folder)).filter((name) => !name.includes('.tail-'))).toEqual(['witness.json']);
  });

  test('a write that fails is told, and the next one holds everything', async () => {
    const store = await FileWitnessStore.open(path);
    // Where the file should be is a folder.
    await mkdir(path);
    await expect(store.write(witness(1))).rejects.toThrow(/EISDIR|directory/);
    await rm(path, { recursive: true });
    await store.write(witness(2, 'ecs.2'));
    expect(await (await FileWitnessStore.open(path)).read('ecs.1')).toEqual(witness(1));
  });

  test('what was noted is there without a write, also what came while one was under way', async () => {
    const store = await FileWitnessStore.open(path);
    store.note(witness(1));
    expect(await (await FileWitnessStore.open(path)).read('ecs.1')).toEqual(witness(1));
    const writing = store.write(witness(2));
    store.note(witness(3));
    await writing;
    store.note(witness(4, 'ecs.2'));
    await store.write(witness(5, 'ecs.3'));
    store.note(witness(3));
    const again = await FileWitnessStore.open(path);
    expect(await again.read('ecs.1')).toEqual(witness(3));
    expect(await again.read('ecs.2')).toEqual(witness(4, 'ecs.2'));
    expect(again.damagedLines).toBe(0);
  });

  test('a note is kept while the whole file cannot be written', async () => {
    const store = await FileWitnessStore.open(path);
    store.note(witness(1));
    // Where the file should be is a folder.
    await mkdir(path);
    for (const revision of [2, 3])
      await expect(store.write(witness(revision, 'ecs.2'))).rejects.toThrow(/EISDIR|directory/);
    await rm(path, { recursive: true });
    expect(await (await FileWitnessStore.open(path)).read('ecs.1')).toEqual(witness(1));
  });

  test('a damaged line is counted and says nothing', async () => {
    const store = await FileWitnessStore.open(path);
    store.note(witness(1));
    store.note(witness(2));
    const tail = `${path}.tail-0`;
    await writeFile(tail, (await readFile(tail, 'utf8')).replace('hash-2', 'hash-3'));
    const again = await FileWitnessStore.open(path);
    expect(await again.read('ecs.1')).toEqual(witness(1));
    expect(again.damagedLines).toBe(1);
  });

  test('a flipped bit in the whole file is noticed', async () => {
    await (await FileWitnessStore.open(path)).write(witness(1));
    await writeFile(path, (await readFile(path, 'utf8')).replace('hash-1', 'hash-0'));
    await expect(FileWitnessStore.open(path)).rejects.toThrow(/witness.json is damaged/);
  });

  test.each(['', '{"v":1', '{"v":2,"witnesses":{}}', 'null'])('does not take %j for "no witness"', async (text) => {
    await writeFile(path, text);
    await expect(FileWitnessStore.open(path)).rejects.toThrow(/witness.json is damaged.*remove it to go on/);
  });
});
