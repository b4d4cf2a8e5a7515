import { describe, expect, test } from '@jest/globals';
import { GENESIS_HEAD } from '#libs/kernel';
import { checkWitness, InMemoryWitnessStore, WitnessContradicted } from './witness.ts';

const witness = { shard: 'ecs.1', revision: 5, hash: 'e', term: 2 };
const head = (revision: number, hash: string, term = 2) => ({ revision, hash, term, at: 0 });

describe('checkWitness', () => {
  test.each([
    ['no witness', null, GENESIS_HEAD, null],
    ['the same commit', witness, head(5, 'e'), null],
    ['further on, the commit was read', witness, head(9, 'i'), 'e'],
    ['further on, the fold began later', witness, head(9, 'i'), null],
  ])('allows: %s', (_name, seen, end, hashAtWitness) => {
    expect(() => checkWitness(seen, end, hashAtWitness)).not.toThrow();
  });

  test.each([
    ['an empty shard', GENESIS_HEAD, null, /ends at commit 0, but commit 5 was acknowledged/],
    ['a cut tail', head(4, 'd'), null, /ends at commit 4/],
    ['another commit at the head', head(5, 'x'), null, /not the one that was acknowledged/],
    ['another commit below the head', head(9, 'i'), 'x', /not the one/],
    ['an older term', head(9, 'i', 1), null, /not the one/],
  ])('refuses: %s', (_name, end, hashAtWitness, why) => {
    expect(() => checkWitness(witness, end, hashAtWitness)).toThrow(WitnessContradicted);
    expect(() => checkWitness(witness, end, hashAtWitness)).toThrow(why);
  });
});

test('InMemoryWitnessStore keeps the newest witness of each shard', async () => {
  const store = new InMemoryWitnessStore();
  expect(await store.read('ecs.1')).toBeNull();
  await store.write(witness);
  await store.write({ ...witness, revision: 4, hash: 'd' });
  await store.write({ ...witness, shard: 'ecs.2', revision: 1 });
  expect(await store.read('ecs.1')).toEqual(witness);
});
