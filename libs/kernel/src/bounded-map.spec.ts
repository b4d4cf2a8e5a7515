import { expect, test } from '@jest/globals';
import { BoundedMap } from './bounded-map.ts';

test('the entry that was set first makes room for a new one, and not for a new value', () => {
  const map = new BoundedMap<string, number>(2);
  map.set('a', 1);
  map.set('b', 2);
  map.set('a', 3);
  expect([map.get('a'), map.get('b')]).toEqual([3, 2]);
  map.set('c', 4);
  expect([map.get('a'), map.get('b'), map.get('c')]).toEqual([undefined, 2, 4]);
});

test('it never holds more than its bound, however long it is used', () => {
  const map = new BoundedMap<number, number>(3);
  for (let key = 0; key < 100; key++) map.set(key, key);
  const kept = Array.from({ length: 100 }, (_, key) => map.get(key)).filter((value) => value !== undefined);
  expect(kept).toEqual([97, 98, 99]);
});
