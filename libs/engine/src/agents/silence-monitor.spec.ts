import { describe, expect, test } from '@jest/globals';
import { SilenceMonitor } from './silence-monitor.ts';

const A = { host: 'a', sessionId: 's1' };
const B = { host: 'b', sessionId: 's2' };

describe('silence', () => {
  test('a session that is heard of stays, a silent one is overdue in time', () => {
    const monitor = new SilenceMonitor(10_000);
    monitor.heartbeat(A, 0);
    monitor.heartbeat(B, 0);
    monitor.heartbeat(B, 9_000);
    expect(monitor.overdue(9_999)).toEqual([]);
    expect(monitor.overdue(10_000)).toEqual([A]);
  });

  test('a silent session is reported again after as long, until it is forgotten', () => {
    const monitor = new SilenceMonitor(10_000);
    monitor.heartbeat(A, 0);
    expect(monitor.overdue(10_000)).toEqual([A]);
    expect(monitor.overdue(11_000)).toEqual([]);
    expect(monitor.overdue(20_000)).toEqual([A]);
    monitor.forget(A);
    expect(monitor.overdue(60_000)).toEqual([]);
  });

  test('a heartbeat after all takes a silent session back', () => {
    const monitor = new SilenceMonitor(10_000);
    monitor.heartbeat(A, 0);
    expect(monitor.overdue(11_000)).toEqual([A]);
    monitor.heartbeat(A, 11_500);
    expect(monitor.overdue(21_499)).toEqual([]);
    expect(monitor.overdue(21_500)).toEqual([A]);
  });

  test('a new session takes the place of the earlier one, whose end no longer matters', () => {
    const monitor = new SilenceMonitor(10_000);
    const later = { host: 'a', sessionId: 's3' };
    monitor.heartbeat(A, 0);
    monitor.heartbeat(later, 5_000);
    monitor.forget(A);
    expect(monitor.overdue(15_000)).toEqual([later]);
  });

  test('a late heartbeat does not turn time back', () => {
    const monitor = new SilenceMonitor(10_000);
    monitor.heartbeat(A, 8_000);
    monitor.heartbeat(A, 2_000);
    expect(monitor.overdue(12_500)).toEqual([]);
  });

  test('an agent that stays behind is treated as silent, one that moves on is not', () => {
    const monitor = new SilenceMonitor(10_000);
    monitor.heartbeat(A, 0);
    for (let second = 2; second < 12; second += 2) monitor.behind(A, 5, second * 1_000);
    expect(monitor.overdue(11_999)).toEqual([]);
    expect(monitor.overdue(12_000)).toEqual([A]);
    for (let second = 14; second < 30; second += 2) monitor.behind(A, second, second * 1_000);
    expect(monitor.overdue(30_000)).toEqual([]);
    monitor.heartbeat(A, 32_000);
    monitor.behind(A, 28, 34_000);
    expect(monitor.overdue(43_999)).toEqual([]);
  });
});
