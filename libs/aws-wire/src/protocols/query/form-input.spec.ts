import { describe, expect, test } from '@jest/globals';
import { thingService } from '../../../spec/thing-service.ts';
import { InputValidator } from '../../validation.ts';
import { WireError } from '../../wire-error.ts';
import { protocols } from '../protocol.ts';
import { readFormInput } from './form-input.ts';

const validator = new InputValidator(thingService);
const read = (form: string) =>
  readFormInput(thingService, 'PutThing', { method: 'POST', query: '', body: Buffer.from(form) });

/** The input, or the code that a client of AWS Query sees. */
function result(form: string): unknown {
  const input = read(form);
  const error = input instanceof WireError ? input : validator.validate('PutThing', input);
  if (error === undefined) return input;
  const { body } = protocols.query.encodeError(error, { requestId: '', service: thingService });
  return /<Code>(\w+)</.exec(String(body))?.[1];
}

// Recorded of IAM and STS: texts are read as Java reads them.
describe('simple values', () => {
  test.each([
    ['Count=1', { Count: 1 }],
    ['Count=01', { Count: 1 }],
    ['Count=%2B1', { Count: 1 }],
    ['Count=-1', { Count: -1 }],
    ['IsReady=true', { IsReady: true }],
    ['IsReady=0', { IsReady: false }],
    ['Name=', { Name: '' }],
    ['CreatedAt=2026-09-12T00:12:37Z', { CreatedAt: 1_789_171_957 }],
    ['CreatedAt=2026-09-12T02:12:37%2B02:00', { CreatedAt: 1_789_171_957 }],
    ['EndsAt=1.5', { EndsAt: 1.5 }],
    ['Part.Id=a&Part.Weight=1e-3', { Part: { Id: 'a', Weight: 0.001 } }],
  ])('%s', (form, input) => {
    expect(result(form)).toEqual(input);
  });

  test.each([
    'Count=+1',
    'Count=1.0',
    'Count=1e0',
    'Count=0x1',
    'Count=',
    'Count=2147483648',
    'IsReady=True',
    'IsReady=',
    'CreatedAt=yesterday',
    'CreatedAt=2026-09-12',
    'EndsAt=soon',
    'Count.member.1=1',
    'Part=text',
  ])('%s is malformed', (form) => {
    expect(result(form)).toBe('MalformedInput');
  });
});

describe('lists', () => {
  test.each([
    ['Words.member.2=b&Words.member.1=a', { Words: ['a', 'b'] }],
    ['Words.member.01=a', { Words: ['a'] }],
    ['Words.member.3=c', { Words: ['', '', 'c'] }],
    ['Words=', { Words: [] }],
    ['FlatWords.1=a&FlatWords.2=b', { FlatWords: ['a', 'b'] }],
    ['Labels.entry.1.key=a&Labels.entry.1.value=b', { Labels: { a: 'b' } }],
  ])('%s', (form, input) => {
    expect(read(form)).toEqual(input);
  });

  test.each([
    ['Words.member.%2B1=a', 'Start of list found where not expected'],
    ['Words.member.one=a', 'Start of list found where not expected'],
    ['Words.member.0=a', '0 is not a valid index'],
    ['Words.member.-1=a', "Key -1 may not have a leading '-'"],
    ['Words.member.12=a', 'Excessively sparse input would skip 11 list elements'],
    ['Words.member.999999999999=a', 'Excessively sparse input would skip 999999999998 list elements'],
  ])('%s is malformed', (form, message) => {
    expect(read(form)).toMatchObject({ type: 'SerializationException', message });
  });
});

describe('a form', () => {
  test('may have members that the model does not know, and names that every object has', () => {
    expect(read('Action=PutThing&Version=2020-01-01&Colour=red&constructor=a&__proto__.x=1&Name=a')).toEqual({
      Name: 'a',
    });
    const { Labels } = read('Labels.entry.1.key=__proto__&Labels.entry.1.value=b') as { Labels: object };
    expect(Object.entries(Labels)).toEqual([['__proto__', 'b']]);
    expect(Object.getPrototypeOf(Labels)).toBe(Object.prototype);
  });

  test('counts the first of two equal keys', () => {
    expect(read('Name=a&Name=b')).toEqual({ Name: 'a' });
  });

  test('that nests without end is refused', () => {
    expect(read(`Part.${'Parts.member.1.'.repeat(50)}Id=a`)).toMatchObject({ type: 'SerializationException' });
  });

  test('lacks what it must have', () => {
    expect(result('Part.Weight=1')).toBe('ValidationError');
  });

  test('is refused if it is not UTF-8 or too large', () => {
    const body = Buffer.from([0x4e, 0x3d, 0xc3, 0x28]);
    expect(readFormInput(thingService, 'PutThing', { method: 'POST', query: '', body })).toMatchObject({
      type: 'SerializationException',
    });
    expect(read(`Name=${'x'.repeat(1_048_576)}`)).toMatchObject({ httpStatus: 413 });
  });

  test('is in the query of a GET', () => {
    const request = { method: 'GET', query: 'Name=a%20b', body: new Uint8Array() };
    expect(readFormInput(thingService, 'PutThing', request)).toEqual({ Name: 'a b' });
  });
});
