import { describe, expect, test } from '@jest/globals';
import { pauseProgram } from './pause-program.ts';

const ENTRY_OFFSET = 120;

describe('the program of a pause container', () => {
  test.each([
    ['x86_64', 62, '7f454c460201010000000000000000000200'],
    ['arm64', 183, '7f454c460201010000000000000000000200'],
  ] as const)('%s: an executable ELF file whose one segment is the whole of it', (architecture, machine, start) => {
    const program = pauseProgram(architecture);
    expect(program.subarray(0, 18).toString('hex')).toBe(start);
    expect(program.readUInt16LE(18)).toBe(machine);
    const segmentAddress = program.readBigUInt64LE(80);
    expect(program.readBigUInt64LE(24)).toBe(segmentAddress + BigInt(ENTRY_OFFSET));
    expect(program.readBigUInt64LE(96)).toBe(BigInt(program.length));
    expect(program.readBigUInt64LE(104)).toBe(BigInt(program.length));
  });

  test('x86_64: the last call is exit_group(0), after a jump back to the wait', () => {
    const hex = pauseProgram('x86_64').toString('hex');
    expect(hex).toContain(
      ['85c078e0', 'bf00000000', 'be00000000', 'ba00000000', '41ba00000000', 'b8e7000000', '0f05'].join(''),
    );
  });

  test('arm64: instructions as the reference manual encodes them', () => {
    const program = pauseProgram('arm64');
    const words = Array.from({ length: (program.length - 40 - ENTRY_OFFSET) / 4 }, (_, index) =>
      program.readUInt32LE(ENTRY_OFFSET + index * 4).toString(16),
    );
    // mov x0, #17; movk x0, #0, lsl #16; … mov x8, #134; movk; svc #0
    expect([words[0], words[1], ...words.slice(8, 11)]).toEqual([
      'd2800220',
      'f2a00000',
      'd28010c8',
      'f2a00008',
      'd4000001',
    ]);
    // tbnz x0, #63, eleven instructions back
    expect(words[33]).toBe('b7fffea0');
  });
});
