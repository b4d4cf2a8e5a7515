import { expect, test } from '@jest/globals';
import { AttendedClock } from './attended-clock.ts';
import { SilenceMonitor } from './silence-monitor.ts';

test('a process that slept finds no agent silent at once, and one that stays silent in time', () => {
  let steady = 5_000;
  const clock = new AttendedClock(() => steady);
  const monitor = new SilenceMonitor(10_000);
  const session = { host: 'a', sessionId: 's1' };
  monitor.heartbeat(session, clock.now());
  steady += 3_600_000;
  expect(monitor.overdue(clock.now())).toEqual([]);
  for (let second = 0; second < 7; second++) {
    steady += 1_000;
    expect(monitor.overdue(clock.now())).toEqual([]);
  }
  steady += 1_000;
  expect(monitor.overdue(clock.now())).toEqual([session]);
});
