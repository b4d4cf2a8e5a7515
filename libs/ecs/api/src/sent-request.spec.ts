import { describe, expect, test } from '@jest/globals';
import type { Caller } from '#libs/kernel';
import { sentRequestHash } from './sent-request.ts';

const sending = (text: string) => ({ sent: JSON.parse(text) }) as Caller;
const hash = (text: string, operation = 'RunTask'): string => sentRequestHash(operation, sending(text));
const REQUEST = '{"taskDefinition":"web","tags":[{"key":"a"},{"key":"b"}],"clientToken":"t"}';

describe('what a client token is compared by', () => {
  test.each([
    [
      'another order of members, other white space',
      '{"clientToken": "t", "tags": [{"key": "a"}, {"key": "b"}], "taskDefinition": "web"}',
    ],
    ['another token', '{"taskDefinition":"web","tags":[{"key":"a"},{"key":"b"}],"clientToken":"u"}'],
  ])('is equal for %s', (_, text) => {
    expect(hash(text)).toBe(hash(REQUEST));
  });

  test.each([
    ['a default that is given', '{"taskDefinition":"web","tags":[{"key":"a"},{"key":"b"}],"count":1}'],
    ['an empty text', '{"taskDefinition":"web","tags":[{"key":"a"},{"key":"b"}],"startedBy":""}'],
    ['another order in a list', '{"taskDefinition":"web","tags":[{"key":"b"},{"key":"a"}]}'],
    ['another name of the same revision', '{"taskDefinition":"web:1","tags":[{"key":"a"},{"key":"b"}]}'],
  ])('differs for %s', (_, text) => {
    expect(hash(text)).not.toBe(hash(REQUEST));
  });

  test('differs between operations', () => {
    expect(hash(REQUEST, 'StartTask')).not.toBe(hash(REQUEST));
  });

  test('leaves out what does not count', () => {
    const request = (tags: string) => sending(`{"serviceName":"web","tags":${tags}}`);
    const [first, second] = ['[]', '[{"key":"a"}]'].map((tags) =>
      sentRequestHash('CreateService', request(tags), ['tags']),
    );
    expect(first).toBe(second);
  });
});
