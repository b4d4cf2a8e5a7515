import { describe, expect, test } from '@jest/globals';
import { instanceMonitor } from './instance-monitor.ts';

const A = { instanceId: 'a', sessionId: 's1' };

describe('instance monitor', () => {
  test('a session that is heard of stays, a silent one is overdue after the timeout', () => {
    const monitor = instanceMonitor(10);
    monitor.connected('a', 's1', 0);
    monitor.connected('b', 's2', 0);
    expect(monitor.heartbeat('b', 's2', 9_000)).toBe(true);
    expect(monitor.overdue(9_999)).toEqual([]);
    expect(monitor.overdue(10_000)).toEqual([A]);
  });

  test('an overdue session is told again until the log says that it is over', () => {
    const monitor = instanceMonitor(10);
    monitor.connected('a', 's1', 0);
    expect(monitor.overdue(20_000)).toEqual([A]);
    expect(monitor.overdue(20_000)).toEqual([A]);
    monitor.disconnected('a', 's1');
    expect(monitor.overdue(30_000)).toEqual([]);
    expect(monitor.heartbeat('a', 's1', 30_000)).toBe(false);
  });

  test('a heartbeat after all takes an overdue session back', () => {
    const monitor = instanceMonitor(10);
    monitor.connected('a', 's1', 0);
    expect(monitor.overdue(11_000)).toEqual([A]);
    monitor.heartbeat('a', 's1', 11_500);
    expect(monitor.overdue(12_000)).toEqual([]);
  });

  test('a fenced or unknown session is no sign of life', () => {
    const monitor = instanceMonitor(10);
    monitor.connected('a', 's1', 0);
    monitor.connected('a', 's2', 5_000);
    expect(monitor.heartbeat('a', 's1', 9_000)).toBe(false);
    expect(monitor.heartbeat('x', 's1', 9_000)).toBe(false);
    expect(monitor.overdue(15_000)).toEqual([{ instanceId: 'a', sessionId: 's2' }]);
  });

  test('the end of an earlier session does not end the later one', () => {
    const monitor = instanceMonitor(10);
    monitor.connected('a', 's2', 0);
    monitor.disconnected('a', 's1');
    expect(monitor.heartbeat('a', 's2', 1_000)).toBe(true);
    monitor.disconnected('a');
    expect(monitor.heartbeat('a', 's2', 2_000)).toBe(false);
  });

  test('a late heartbeat does not turn time back', () => {
    const monitor = instanceMonitor(10);
    monitor.connected('a', 's1', 0);
    monitor.heartbeat('a', 's1', 8_000);
    monitor.heartbeat('a', 's1', 2_000);
    expect(monitor.overdue(12_500)).toEqual([]);
  });

  test('after a restart every connected instance gets the full time', () => {
    const monitor = instanceMonitor(10);
    monitor.connected('gone', 's9', 0);
    monitor.restart([A], 100_000);
    expect(monitor.overdue(109_999)).toEqual([]);
    expect(monitor.overdue(110_000)).toEqual([A]);
  });
});
