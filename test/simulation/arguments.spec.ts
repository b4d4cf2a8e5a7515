import { describe, expect, test } from '@jest/globals';
import { parseArguments } from './arguments.ts';

describe('the command line', () => {
  test.each([[['--help']], [['-h']], [['--seeds', '3', '--help']]])('%j asks for the usage', (words) => {
    expect(parseArguments(words)).toBe('help');
  });

  test.each([[['--seed', 'x']], [['--seeds', '0']], [['--hours', '-1']], [['--what']]])(
    '%j is not understood',
    (words) => {
      expect(parseArguments(words)).toMatchObject({ problem: expect.stringContaining(`${words[0]}`) });
    },
  );

  test('each 50th seed lives through a day, unless hours are given', () => {
    expect(parseArguments(['--seeds=2'])).toMatchObject({ seeds: [1, 2], verbose: false });
    const hours = (words: string[]): number[] => {
      const parsed = parseArguments(words);
      return typeof parsed === 'object' && 'hoursOf' in parsed ? [49, 50].map(parsed.hoursOf) : [];
    };
    expect(hours([])).toEqual([0.25, 24]);
    expect(hours(['--hours', '1'])).toEqual([1, 1]);
  });
});
