import { expect, test } from '@jest/globals';
import { RECENT_COMMANDS_MAX, RecentAnswers } from './recent-answers.ts';

test('the newest answers are known, the oldest is forgotten first, and a key that comes again takes no room', () => {
  const recent = new RecentAnswers();
  recent.remember('first', 'a');
  recent.remember('first', 'b');
  for (let i = 1; i < RECENT_COMMANDS_MAX; i++) recent.remember(`command ${i}`, i);
  expect(recent.get('first')).toEqual({ answer: 'b' });
  recent.remember('one more', undefined);
  expect(recent.get('first')).toBeUndefined();
  expect(recent.get('command 1')).toEqual({ answer: 1 });
  expect(recent.get('one more')).toEqual({ answer: undefined });
  recent.remember('and another', null);
  expect(recent.get('command 1')).toBeUndefined();
  expect(recent.get(`command ${RECENT_COMMANDS_MAX - 1}`)).toBeDefined();
});
