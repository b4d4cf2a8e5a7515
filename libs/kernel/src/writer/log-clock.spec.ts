import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { LogClock } from './log-clock.ts';

const HOUR_MS = 3_600_000;

function clocks(notBefore = 0) {
  const hands = { wall: 1_000_000, steady: 50 };
  const clock = new LogClock(
    () => hands.wall,
    () => hands.steady,
    notBefore,
  );
  const pass = (ms: number): number => {
    hands.wall += ms;
    hands.steady += ms;
    return clock.now();
  };
  return { clock, hands, pass };
}

describe('the clock of a log', () => {
  test('is the wall clock while that one is right', () => {
    const { clock, pass } = clocks();
    expect(clock.now()).toBe(1_000_000);
    expect(pass(10)).toBe(1_000_010);
  });

  test('jumps forward with the wall clock', () => {
    const { clock, hands, pass } = clocks();
    clock.now();
    hands.wall += HOUR_MS;
    expect(pass(10)).toBe(1_000_010 + HOUR_MS);
  });

  test('passes on when the wall clock is set back, until the two meet', () => {
    const { clock, hands, pass } = clocks();
    const before = clock.now();
    hands.wall -= HOUR_MS;
    expect(pass(10_000)).toBe(before + 9_000);
    expect(pass(10 * HOUR_MS)).toBe(hands.wall);
  });

  test('starts no earlier than the log ends', () => {
    const { clock, pass } = clocks(1_000_000 + HOUR_MS);
    expect(clock.now()).toBe(1_000_000 + HOUR_MS);
    expect(pass(1_000)).toBe(1_000_900 + HOUR_MS);
  });

  test('whatever the wall clock does: never back, never slower than it may be', () => {
    const step = fc.record({ passMs: fc.nat(60_000), jumpMs: fc.integer({ min: -HOUR_MS, max: HOUR_MS }) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 50 }), (steps) => {
        const { clock, hands, pass } = clocks();
        let before = clock.now();
        for (const { passMs, jumpMs } of steps) {
          hands.wall += jumpMs;
          const now = pass(passMs);
          expect(now).toBeGreaterThanOrEqual(Math.floor(before + passMs * 0.9));
          expect(now).toBeGreaterThanOrEqual(Math.floor(hands.wall));
          before = now;
        }
      }),
    );
  });
});
