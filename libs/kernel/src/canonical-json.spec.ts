import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { canonicalJson } from './canonical-json.ts';

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
