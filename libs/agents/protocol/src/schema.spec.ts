import { describe, expect, test } from '@jest/globals';
import {
  atLeast,
  either,
  exactly,
  integer,
  list,
  matching,
  nullable,
  number,
  oneOf,
  optional,
  read,
  record,
  text,
} from './schema.ts';
import type { Schema } from './schema.ts';

const item = exactly({ id: matching(/^[0-9]+$/), count: optional(integer(0, 9)) });
const open = atLeast({ items: list(item, 2, 1) });

describe('a schema', () => {
  test('gives the value itself', () => {
    const value = { items: [{ id: '1' }, { id: '2', count: 9 }], more: true };
    expect(read(open, value)).toEqual({ value });
    expect(read(open, value)).toHaveProperty('value', value);
  });

  test.each<[string, Schema<unknown>, unknown, string]>([
    ['a missing member', open, {}, '/items is missing'],
    ['too few items', open, { items: [] }, '/items must have at least 1 items'],
    ['too many items', open, { items: [1, 2, 3] }, '/items must have at most 2 items'],
    ['no list', open, { items: {} }, '/items must be an array'],
    ['a member that is wrong', open, { items: [{ id: '1' }, { id: 'x' }] }, '/items/1/id must match ^[0-9]+$'],
    [
      'an optional member that is wrong',
      open,
      { items: [{ id: '1', count: 10 }] },
      '/items/0/count must be a whole number from 0 to 9',
    ],
    ['an optional member that is null', item, { id: '1', count: null }, '/count must be a whole number from 0 to 9'],
    ['an unknown member', item, { id: '1', other: 1 }, '/other is not a member'],
    ['an inherited name', item, JSON.parse('{"id":"1","__proto__":1}'), '/__proto__ is not a member'],
    ['no object', item, [], '/ must be an object'],
    ['nothing', item, undefined, '/ must be an object'],
    ['a long text', text(2), 'abc', '/ must have at most 2 characters'],
    ['a short text', text(2, 1), '', '/ must have at least 1 characters'],
    ['infinity', number(0), Infinity, '/ must be a number from 0'],
    ['another word', oneOf('a', 'b'), 'c', '/ must be one of a, b'],
    ['a value in a record', record(integer()), { a: 1, b: 1.5 }, '/b must be a whole number'],
    ['neither', either(integer(), text(1)), {}, '/ must be a whole number'],
  ])('says where %s is', (_what, schema, value, problem) => {
    expect(read(schema, value)).toEqual({ rejection: expect.stringContaining(problem) });
  });

  test('may be null where it says so', () => {
    expect(read(nullable(text(1)), null)).toEqual({ value: null });
    expect(read(either(integer(), text(1)), 'a')).toEqual({ value: 'a' });
  });
});
