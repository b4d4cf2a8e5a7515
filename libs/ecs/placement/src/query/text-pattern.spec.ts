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
    ['a{256}', 'a'.repeat(256), true],
    ['\\Qa.b\\E{2}', 'a.bb', true],
    ['\\Q(a{9}\\E', '(a{9}', true],
    ['[]a]', ']', true],
    ['[\\u0041-\\u0043]{2}', 'CA', true],
    ['[\\\\u]0041', 'u0041', true],
    ['\\Q\\u0041\\E', '\\u0041', true],
    ['a\\b.*', 'a b', true],
    ['\\\\u0042', '\\u0042', true],
  ] as const)('%j against %j: %s', (source, text, truth) => {
    expect(matches(source, text)).toBe(truth);
  });

  test.each([
    ['(', 'missing closing )'],
    [')', 'unexpected )'],
    ['*a', 'missing argument'],
    ['a{', 'a brace'],
    ['a{,3}', 'a brace'],
    ['a**', 'nested repetition'],
    ['a*+', 'nested repetition'],
    ['(?=a)', 'unsupported'],
    ['(?<=a)', 'invalid named capture'],
    ['(?>a)', 'unsupported'],
    ['(a)\\1', 'invalid escape'],
    ['\\', 'trailing backslash'],
    ['\\p{Nonsense}', 'invalid character class'],
    ['[a', 'missing closing ]'],
    ['[]', 'missing closing ]'],
    ['[b-a]', 'invalid character class range'],
    ['[a&&b]', 'unions and intersections'],
    ['[a[b]]', 'unions and intersections'],
    ['[[:alpha:]]', 'unions and intersections'],
    ['a{3,1}', 'invalid repeat count'],
    ['a{1001}', 'invalid repeat count'],
    ['(a{200}){200}', 'too large'],
    ['(((){200}){200}){200}', 'too large'],
    ['a{1000}'.repeat(280), 'too large'],
    ['\\pL{1000}'.repeat(220), 'too large'],
    ['(ab){600}', 'too large'],
  ])('%j is refused: %s', (source, problem) => {
    expect(compilePattern(source)).toEqual({ problem: expect.stringContaining(problem) });
  });

  test('what is refused for its size costs no time', () => {
    const began = performance.now();
    for (let i = 0; i < 20; i++) compilePattern('a{1000}'.repeat(280));
    // Compiled, each would take a second.
    expect(performance.now() - began).toBeLessThan(5_000);
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
