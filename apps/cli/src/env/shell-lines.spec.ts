import { execFileSync } from 'node:child_process';
import { describe, expect, test } from '@jest/globals';
import { quoteForFish, quoteForSh, shellLines, unsetLines } from './shell-lines.ts';

const NASTY = String.raw`it's "quoted" $HOME \ back` + '`ls`\n; rm -rf /';

describe('shell lines', () => {
  test('sh', () => {
    expect(shellLines('sh', { A: 'plain', B: "it's" })).toBe(`export A='plain'\nexport B='it'\\''s'`);
  });

  test('fish', () => {
    expect(shellLines('fish', { A: String.raw`it's \ here` })).toBe(String.raw`set -gx A 'it\'s \\ here';`);
  });

  test('removal', () => {
    expect(unsetLines('sh', ['A', 'B'])).toBe('unset A B');
    expect(unsetLines('fish', ['A', 'B'])).toBe('set -e A B;');
    const script = `${shellLines('sh', { A: 'x' })}\n${unsetLines('sh', ['A', 'B'])}\nprintf %s "\${A-none}"`;
    expect(execFileSync('sh', ['-c', script], { encoding: 'utf8' })).toBe('none');
  });

  test('a real sh reads back whatever was quoted', () => {
    const script = `${shellLines('sh', { A: NASTY })}\nprintf %s "$A"`;
    expect(execFileSync('sh', ['-c', script], { encoding: 'utf8' })).toBe(NASTY);
  });

  test('an empty value stays a word', () => {
    expect(quoteForSh('')).toBe("''");
    expect(quoteForFish('')).toBe("''");
  });
});
