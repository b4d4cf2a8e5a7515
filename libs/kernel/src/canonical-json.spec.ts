import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { canonicalJson, canonicalPieces } from './canonical-json.ts';

describe('canonicalJson', () => {
  test('orders members, maps and sets', () => {
    expect(
      canonicalJson({
        b: 1,
        a: new Map([
          ['y', 2],
          ['x', 1],
        ]),
        c: new Set([3, 1]),
        d: undefined,
      }),
    ).toBe('{"a":[["x",1],["y",2]],"b":1,"c":[1,3]}');
    expect(canonicalJson(Int32Array.of(3, 1))).toBe('[3,1]');
  });

  test('does not depend on the order of insertion', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const reversed = Object.fromEntries(Object.entries(value).reverse());
        expect(canonicalJson(reversed)).toBe(canonicalJson(value));
      }),
    );
  });

  test('tells different values apart', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
        // JSON has no negative zero.
        if (canonicalJson(a) === canonicalJson(b))
          expect(JSON.parse(JSON.stringify(a))).toEqual(JSON.parse(JSON.stringify(b)));
      }),
    );
  });
});

describe('canonicalPieces', () => {
  const anything = fc.anything({
    withMap: true,
    withSet: true,
    withTypedArray: false,
    values: [fc.string({ unit: 'binary' }), fc.double({ noNaN: true }), fc.boolean(), fc.constant(null)],
    maxDepth: 5,
    maxKeys: 60,
  });

  test('joined are the whole text, whatever the value', () => {
    fc.assert(
      fc.property(anything, (value) => {
        expect([...canonicalPieces(value)].join('')).toBe(canonicalJson(value));
      }),
    );
  });

  test('of a large value are many and small', () => {
    const tasks = new Map(Array.from({ length: 1_000 }, (_, i) => [`task-${i}`, { id: i, texts: ['a', 'b'] }]));
    const value = { tasks, stopped: [...tasks.keys()], gone: new Set(tasks.keys()), name: 'c' };
    const pieces = [...canonicalPieces(value)];
    expect(pieces.join('')).toBe(canonicalJson(value));
    expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThan(100);
  });
});
