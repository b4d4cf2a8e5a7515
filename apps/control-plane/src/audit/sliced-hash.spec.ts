import { createHash } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { canonicalJson } from '#libs/kernel';
import { hashInSlices } from './sliced-hash.ts';

const state = {
  tasks: new Map(Array.from({ length: 20_000 }, (_, i) => [`task-${i}`, { id: i, name: 'x'.repeat(100) }])),
};

test('is the hash of the canonical text, and lets everything else go on meanwhile', async () => {
  let turns = 0;
  let isDone = false;
  const count = (): void => {
    turns += 1;
    if (!isDone) setImmediate(count);
  };
  setImmediate(count);
  const hash = await hashInSlices(state, 0);
  isDone = true;
  const text = canonicalJson(state);
  expect(hash).toBe(createHash('sha256').update(text).digest('hex'));
  // One turn for each chunk of 64 KiB.
  expect(turns).toBeGreaterThan(text.length / 65_536 / 2);
});
