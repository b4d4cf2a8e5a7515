import { describe, expect, test } from '@jest/globals';
import { withoutDashOfRelativeTimes } from './arguments.ts';

describe('withoutDashOfRelativeTimes', () => {
  test('a relative time loses its dash', () => {
    expect(withoutDashOfRelativeTimes(['at', '-10m', 'tasks'])).toEqual(['at', '10m', 'tasks']);
    expect(withoutDashOfRelativeTimes(['at', '-1h30m', 'tasks'])).toEqual(['at', '1h30m', 'tasks']);
  });

  test('options and everything behind -- stay', () => {
    const argv = ['at', '-o', 'json', '--all', '-5', '-m', '--', '-10m'];
    expect(withoutDashOfRelativeTimes(argv)).toEqual(argv);
  });
});
