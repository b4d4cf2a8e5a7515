import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { compilePattern } from './text-pattern.ts';

function matches(source: string, text: string): boolean {
  const pattern = compilePattern(source);
  if ('problem' in pattern) throw new Error(`${source}: ${pattern.problem}`);
  return pattern.matches(text);
}

describe('patterns of the query language', () => {
  test.each([
    ['t2.*', 't2.micro', true],
    ['t2.*', 'xt2.micro', false],
    ['', '', true],
    ['', 'a', false],
    ['a|bc|', 'bc', true],
    ['a|bc|', '', true],
    ['(?:a|b)+?c', 'abac', true],
    ['(?<name>a)', 'a', true],
    ['a{2}', 'aa', true],
    ['a{2}', 'aaa', false],
    ['a{2,}', 'aaaa', true],
    ['a{1,3}', 'aaaa', false],
    ['(ab?){0,2}', 'aba', true],
    ['[^a-c]\\d', 'x7', true],
    ['[^a-c]\\d', 'a7', false],
    ['[\\]\\-_]', ']', true],
    ['[\\]\\-_]', '-', true],
    ['[\\_\\@]', '@', true],
    ['\\.\\-\\_', '.-_', true],
    ['\\w+\\s\\S', 'abc d', true],
    ['\\p{Lu}x', 'Äx', true],
    ['\\x41\\u0042', 'AB', true],
    ['^a$', 'a', true],
    ['a^b', 'ab', false],
    ['.', '\n', false],
    ['.', '😀', true],
    ['[😀]', '😀', true],
    ['(?i)Linux[A-C]', 'LINUXb', true],
    ['Linux', 'LINUX', false],
    ['(a*)*', 'aaa', true],
    ['}]', '}]', true],
  ] as const)('%j against %j: %s', (source, text, truth) => {
    expect(matches(source, text)).toBe(truth);
  });

  test.each([
    ['(', 'an opening parenthesis'],
    [')', 'a closing parenthesis'],
    ['*a', 'nothing to repeat'],
    ['a{', 'nothing to repeat'],
    ['a**', 'possessive'],
    ['a*+', 'possessive'],
    ['(?=a)', 'look-around'],
    ['(?>a)', 'look-around'],
    ['(a)\\1', 'is not supported'],
    ['\\Qa', 'is not supported'],
    ['\\b', 'is not supported'],
    ['\\', 'is not supported'],
    ['\\p{Nonsense}', 'is not supported'],
    ['[a', 'character class'],
    ['[]', 'character class'],
    ['[b-a]', 'is not supported'],
    ['[a&&b]', 'unions and intersections'],
    ['[a[b]]', 'unions and intersections'],
    ['a{3,1}', 'the wrong way round'],
    ['a{256}', 'counts at most'],
    ['(a{200}){200}', 'too large'],
    ['(((){200}){200}){200}', 'too large'],
    ['('.repeat(100), 'nested too deep'],
  ])('%j is refused: %s', (source, problem) => {
    expect(compilePattern(source)).toEqual({ problem: expect.stringContaining(problem) });
  });

  test.each(['(a+)+b', '(a|a)*b', '(a|aa)+b', '(.*)*(.*)*(.*)*(.*)*b', '(a?){60}a{60}b'])(
    '%s ends on a text that a backtracking engine would never finish',
    (source) => {
      expect(matches(source, 'a'.repeat(1000))).toBe(false);
    },
  );

  test('agrees with RegExp where RegExp is safe', () => {
    const { pattern } = fc.letrec<{ pattern: string }>((tie) => ({
      pattern: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        fc.constantFrom('a', 'b', '.', '[ab]', '[^a]', '\\w', '\\d', '^', '$', '\\.'),
        fc.tuple(tie('pattern'), tie('pattern')).map(([a, b]) => a + b),
        fc.tuple(tie('pattern'), tie('pattern')).map(([a, b]) => `(${a}|${b})`),
        fc
          .tuple(tie('pattern'), fc.constantFrom('*', '+', '?', '{2}', '{1,2}', '{0,}', '*?', '+?'))
          .map(([a, mark]) => `(?:${a})${mark}`),
      ),
    }));
    const text = fc.array(fc.constantFrom('a', 'b', '1', '.'), { maxLength: 6 }).map((some) => some.join(''));
    fc.assert(
      fc.property(pattern, text, (source, against) => {
        expect(matches(source, against)).toBe(new RegExp(`^(?:${source})$`, 'u').test(against));
      }),
      { numRuns: 500 },
    );
  });
});
