import { describe, expect, test } from '@jest/globals';
import { idSource } from './id-source.ts';

describe('idSource', () => {
  test('draws the same identifiers from the same seed', () => {
    const draw = (seed: string) => {
      const ids = idSource(seed);
      return [ids.hex32(), ids.uuid(), ids.digits19(), ids.random()];
    };
    expect(draw('a')).toEqual(draw('a'));
    expect(draw('a')).not.toEqual(draw('b'));
  });

  test('has the shapes that ECS clients know', () => {
    const ids = idSource('seed');
    expect(ids.hex32()).toMatch(/^[0-9a-f]{32}$/);
    expect(ids.uuid()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(ids.digits19()).toMatch(/^[1-9][0-9]{18}$/);
  });

  test('does not repeat itself', () => {
    const ids = idSource('seed');
    const drawn = new Set(Array.from({ length: 10_000 }, () => ids.hex32()));
    expect(drawn.size).toBe(10_000);
  });
});
