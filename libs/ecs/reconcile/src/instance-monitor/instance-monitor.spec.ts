import { describe, expect, test } from '@jest/globals';
import { InstanceMonitor } from './instance-monitor.ts';

const A = { instanceId: 'a', sessionId: 's1' };

describe('instance monitor', () => {
  test('a session that is heard of stays, a silent one is overdue after the time-out', () => {
    const monitor = new InstanceMonitor(10);
    monitor.heartbeat('a', 's1', 0);
    monitor.heartbeat('b', 's2', 0);
    monitor.heartbeat('b', 's2', 9_000);
    expect(monitor.overdue(9_999)).toEqual([]);
    expect(monitor.overdue(10_000)).toEqual([A]);
  });

  test('a silent session is told again after another time-out, until it is forgotten', () => {
    const monitor = new InstanceMonitor(10);
    monitor.heartbeat('a', 's1', 0);
    expect(monitor.overdue(10_000)).toEqual([A]);
    expect(monitor.overdue(11_000)).toEqual([]);
    expect(monitor.overdue(20_000)).toEqual([A]);
    monitor.forget('a', 's1');
    expect(monitor.overdue(60_000)).toEqual([]);
  });

  test('a heartbeat after all takes a silent session back', () => {
    const monitor = new InstanceMonitor(10);
    monitor.heartbeat('a', 's1', 0);
    expect(monitor.overdue(11_000)).toEqual([A]);
    monitor.heartbeat('a', 's1', 11_500);
    expect(monitor.overdue(21_499)).toEqual([]);
    expect(monitor.overdue(21_500)).toEqual([A]);
  });

  test('a new session takes the place of the earlier one, whose end no longer matters', () => {
    const monitor = new InstanceMonitor(10);
    monitor.heartbeat('a', 's1', 0);
    monitor.heartbeat('a', 's2', 5_000);
    monitor.forget('a', 's1');
    expect(monitor.overdue(15_000)).toEqual([{ instanceId: 'a', sessionId: 's2' }]);
  });

  test('a late heartbeat does not turn time back', () => {
    const monitor = new InstanceMonitor(10);
    monitor.heartbeat('a', 's1', 8_000);
    monitor.heartbeat('a', 's1', 2_000);
    expect(monitor.overdue(12_500)).toEqual([]);
  });

  test('an agent that stays behind is as good as silent, one that moves on is not', () => {
    const monitor = new InstanceMonitor(10);
    monitor.heartbeat('a', 's1', 0);
    for (let second = 2; second < 12; second += 2) monitor.behind('a', 's1', 5, second * 1_000);
    expect(monitor.overdue(11_999)).toEqual([]);
    expect(monitor.overdue(12_000)).toEqual([A]);
    for (let second = 14; second < 30; second += 2) monitor.behind('a', 's1', second, second * 1_000);
    expect(monitor.overdue(30_000)).toEqual([]);
    monitor.heartbeat('a', 's1', 32_000);
    monitor.behind('a', 's1', 28, 34_000);
    expect(monitor.overdue(43_999)).toEqual([]);
  });

  test('without a given time-out it is that of the agent protocol', () => {
    const monitor = new InstanceMonitor();
    monitor.heartbeat('a', 's1', 0);
    expect(monitor.overdue(9_999)).toEqual([]);
    expect(monitor.overdue(10_000)).toEqual([A]);
  });
});
