import { expect, test } from '@jest/globals';
import { InstanceMonitor } from '#libs/ecs/reconcile';
import { AttendedClock } from './attended-clock.ts';

test('a process that slept finds nobody silent, and somebody who stays silent after all', () => {
  let steady = 5_000;
  const clock = new AttendedClock(() => steady);
  const monitor = new InstanceMonitor(10);
  monitor.heartbeat('a', 's1', clock.now());
  steady += 3_600_000;
  expect(monitor.overdue(clock.now())).toEqual([]);
  for (let second = 0; second < 7; second++) {
    steady += 1_000;
    expect(monitor.overdue(clock.now())).toEqual([]);
  }
  steady += 1_000;
  expect(monitor.overdue(clock.now())).toEqual([{ instanceId: 'a', sessionId: 's1' }]);
});
