import { describe, expect, test } from '@jest/globals';
import { loadLater } from './loaded-later.ts';
import type { Load } from './loaded-later.ts';

function loadOf(sum: (a: number, b: number) => number): { readonly load: Load; readonly loads: string[] } {
  const loads: string[] = [];
  const load = Object.assign(
    (file: string): unknown => {
      loads.push(file);
      return sum;
    },
    { resolve: (name: string) => `/lib/${name}.js`, cache: {} as NodeJS.Dict<NodeModule> },
  );
  return { load, loads };
}

describe('a module that is loaded later', () => {
  test('is loaded by the first call, once', () => {
    const { load, loads } = loadOf((a, b) => a + b);
    loadLater(load, 'sum');
    const { exports } = load.cache['/lib/sum.js'] as NodeModule;
    expect(loads).toEqual([]);
    const sum = exports as (a: number, b: number) => number;
    expect(sum(1, 2)).toBe(3);
    expect(sum(3, 4)).toBe(7);
    expect(loads).toEqual(['/lib/sum.js']);
  });

  test('stays as it is where it is loaded already', () => {
    const { load } = loadOf((a, b) => a + b);
    const before = { exports: 'loaded' } as NodeModule;
    load.cache['/lib/sum.js'] = before;
    loadLater(load, 'sum');
    expect(load.cache['/lib/sum.js']).toBe(before);
  });
});
