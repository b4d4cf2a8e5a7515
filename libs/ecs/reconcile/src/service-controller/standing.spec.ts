import { describe, expect, test } from '@jest/globals';
import { drainingTasks } from './draining-tasks.ts';
import { checkedDefinition, percents, ServiceWorld, WEB } from '../../spec/service-world.ts';
import { countStandings, noStandings, standingOf } from './standing.ts';
import type { StandingCounts } from './standing.ts';

describe('standings', () => {
  test('the counters and a look at every task say the same', () => {
    const world = new ServiceWorld(2);
    const seen = noStandings();
    const resolved = { taskDefinition: checkedDefinition(1), tags: [] };
    world.create(4, { resolved, healthCheckGracePeriodSeconds: 3, ...percents(100, 200) });
    const [settling, healthy, unhealthy] = world.live;
    if (settling === undefined || healthy === undefined || unhealthy === undefined) throw new Error('too few tasks');
    world.report(settling, {});
    world.reportHealth(healthy, 'HEALTHY');
    world.reportHealth(unhealthy, 'UNHEALTHY');
    check();
    world.update({ resolved: { taskDefinition: checkedDefinition(2), tags: [] } });
    check();
    for (const task of world.pending.slice(-2)) world.report(task, {});
    check();
    world.submit({ type: 'UpdateContainerInstancesState', instanceIds: ['host2'], status: 'DRAINING' });
    check();
    world.submit({ type: 'StopTask', taskId: world.running[0]?.taskId ?? '' });
    check();
    expect(Object.entries(seen).filter(([, count]) => count > 0).length).toBeGreaterThanOrEqual(6);

    function check(): void {
      const draining = drainingTasks(world.state).get(WEB);
      for (const at of [0, world.at, world.at + 5_000]) {
        const counted = noStandings();
        for (const taskId of world.service.taskIds) {
          const task = world.state.tasks.get(taskId);
          const standing = task === undefined ? null : standingOf(world.service, task, at, draining);
          if (standing !== null) counted[standing] += 1;
        }
        expect(countStandings(world.state, world.service, at, draining)).toEqual(counted);
        addUp(seen, counted);
      }
    }
  });
});

function addUp(sums: StandingCounts, counts: StandingCounts): void {
  for (const standing of Object.keys(counts) as (keyof StandingCounts)[]) sums[standing] += counts[standing];
}
