import { describe, expect, test } from '@jest/globals';
import { tableText } from './output.ts';
import { visible } from './terminal.ts';

describe('tableText', () => {
  test('columns stand below each other without lines or colours', () => {
    const text = tableText(
      ['task', 'status'],
      [
        ['0123456789', 'RUNNING'],
        ['1', null],
      ],
    );
    expect(text.split('\n')).toEqual(['TASK        STATUS', '0123456789  RUNNING', '1           -']);
  });

  test('a table without rows is its headings', () => {
    expect(tableText(['task', 'status'], [])).toBe('TASK  STATUS');
  });

  test('a cell with a limit is cut', () => {
    expect(tableText(['what'], [['a long story']], [8])).toBe('WHAT\na long …');
  });

  test('text from a container cannot move the cursor or forge a line', () => {
    const text = tableText(['what'], [['\u001b[2Jgone\nforged line']]);
    expect(text).toBe('WHAT\n\\u001b[2Jgone\\nforged line');
  });
});

describe('visible', () => {
  test.each([
    ['plain text ✓', 'plain text ✓'],
    ['a\tb', 'a b'],
    ['bell\u0007', 'bell\\u0007'],
    ['right\u202eleft', 'right\\u202eleft'],
  ])('%j', (text, expected) => {
    expect(visible(text)).toBe(expected);
  });
});
