import { expect, test } from '@jest/globals';
import { joinTokenText, parseJoinToken } from './join-token.ts';
import type { JoinToken } from './join-token.ts';

const TOKEN: JoinToken = {
  urls: ['nats://192.0.2.1:4222'],
  user: 'join-a',
  password: 'p',
  instanceId: 'a',
  cluster: 'default',
  region: 'us-east-1',
  launchTypes: ['FARGATE'],
  expiresAt: 1,
  ca: null,
};

test('one word without blanks, and back', () => {
  const text = joinTokenText(TOKEN);
  expect(text).toMatch(/^waybill-join-1\.[\w-]+\.[0-9a-f]{8}$/);
  expect(parseJoinToken(` ${text}\n`)).toEqual(TOKEN);
});

test.each([
  ['cut off', (text: string) => text.slice(0, -1), /not whole/],
  ['without its end', (text: string) => text.slice(0, 40), /not whole/],
  [
    'with a letter changed',
    (text: string) => text.replace(/\.(.)/, (_, first) => (first === 'e' ? '.f' : '.e')),
    /not whole/,
  ],
  ['of a later version', (text: string) => text.replace('join-1', 'join-2'), /same version/],
  ['anything else', () => 'hello', /no join token/],
])('one that is %s is refused', (_what, change, problem) => {
  expect(() => parseJoinToken(change(joinTokenText(TOKEN)))).toThrow(problem);
});
