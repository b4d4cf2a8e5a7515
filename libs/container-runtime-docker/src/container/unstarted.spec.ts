import { expect, test } from '@jest/globals';
import { Unstarted } from './unstarted.ts';

test('a container is taken for unstarted once', () => {
  const unstarted = new Unstarted();
  unstarted.made('a');
  expect([unstarted.take('b'), unstarted.take('a'), unstarted.take('a')]).toEqual([false, true, false]);
});
