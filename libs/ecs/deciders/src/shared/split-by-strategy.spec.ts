import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { splitByStrategy } from './split-by-strategy.ts';
import type { Share } from './split-by-strategy.ts';

const item = (capacityProvider: string, weight: number, base = 0) => ({ capacityProvider, weight, base });

function counts(shares: readonly Share[]): Readonly<Record<string, number>> {
  return Object.fromEntries(shares.map(({ capacityProvider, count }) => [capacityProvider, count]));
}

describe('tasks are divided among capacity providers', () => {
  test.each([
    ['base and weights', [item('A', 1, 2), item('B', 3)], 10, {}, { A: 4, B: 6 }],
    ['the base first', [item('A', 1, 2), item('B', 3)], 2, {}, { A: 2 }],
    ['a base alone gets no more than that', [item('A', 0, 1), item('B', 1)], 5, {}, { A: 1, B: 4 }],
    ['equal weights, in the order of the list', [item('A', 1), item('B', 1)], 3, {}, { A: 2, B: 1 }],
    ['one provider', [item('A', 5)], 7, {}, { A: 7 }],
    ['a share that was over', [item('A', 1), item('B', 1)], 2, { A: 4 }, { B: 2 }],
    ['a base that is there', [item('A', 1, 2), item('B', 1)], 2, { A: 2 }, { A: 1, B: 1 }],
    ['providers that left the strategy', [item('A', 1)], 1, { B: 9 }, { A: 1 }],
    ['nothing', [item('A', 1)], 0, {}, {}],
  ] as const)('%s', (_, strategy, count, existing, expected) => {
    expect(counts(splitByStrategy(strategy, count, new Map(Object.entries(existing))))).toEqual(expected);
  });

  test('all of them, one by one as at once, near its share each', () => {
    const strategies = fc.array(fc.tuple(fc.integer({ min: 1, max: 9 }), fc.nat(3)), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(strategies, fc.nat(40), (numbers, count) => {
        const strategy = numbers.map(([weight, base], i) => item(`p${i}`, weight, i === 0 ? base : 0));
        const atOnce = counts(splitByStrategy(strategy, count));
        const existing = new Map<string, number>();
        for (let i = 0; i < count; i++) {
          for (const { capacityProvider } of splitByStrategy(strategy, 1, existing)) {
            existing.set(capacityProvider, (existing.get(capacityProvider) ?? 0) + 1);
          }
        }
        expect(Object.fromEntries(existing)).toEqual(atOnce);
        const [base = 0, weights] = [strategy[0]?.base, strategy.reduce((sum, { weight }) => sum + weight, 0)];
        const beyond = Math.max(0, count - base);
        expect(Object.values(atOnce).reduce((sum, some) => sum + some, 0)).toBe(count);
        for (const [i, { capacityProvider, weight }] of strategy.entries()) {
          const share = (atOnce[capacityProvider] ?? 0) - (i === 0 ? Math.min(base, count) : 0);
          expect(Math.abs(share - (beyond * weight) / weights)).toBeLessThan(strategy.length);
        }
      }),
    );
  });
});
