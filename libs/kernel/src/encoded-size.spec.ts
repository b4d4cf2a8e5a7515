import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { jsonBytes, utf8Length } from './encoded-size.ts';

test('a text has as many bytes as its encoding', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 50 }), (text) => {
      expect(utf8Length(text)).toBe(Buffer.byteLength(text));
    }),
  );
});

test('what JSON escapes counts as it is sent', () => {
  expect(jsonBytes('\u0001')).toBe('"\\u0001"'.length);
  expect(jsonBytes('\ud800')).toBe('"\\ud800"'.length);
  expect(jsonBytes({ a: '€' })).toBe(Buffer.byteLength('{"a":"€"}'));
});
