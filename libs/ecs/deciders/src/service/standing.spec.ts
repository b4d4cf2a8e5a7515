import { describe, expect, test } from '@jest/globals';
import { drainingTasks } from './draining-tasks.ts';
import { LoneService } from './spec-support/lone-service.ts';
import { countStandings, noStandings, standingOf } from './standing.ts';

describe('standings', () => {
  test('the counters and a look at every task say the same', () => {
    const service = new LoneService(6);
    const { cluster } = service;
    const healthOf = (taskId: string, healthStatus: 'HEALTHY' | 'UNHEALTHY') =>
      cluster.report(cluster.task(taskId).instanceId ?? '', {
        taskId,
        knownStatus: 'RUNNING',
        containers: [{ name: 'app', lastStatus: 'RUNNING', healthStatus }],
      });
    const old = service.place(4);
    cluster.report('host1', { taskId: old[0] ?? '' });
    healthOf(old[1] ?? '', 'HEALTHY');
    healthOf(old[2] ?? '', 'UNHEALTHY');
    service.roll(2);
    const fresh = service.place(4, 'host2');
    cluster.report('host2', { taskId: fresh[0] ?? '' }, { taskId: fresh[1] ?? '' });
    cluster.at += 5_000;
    cluster.report('host2', { taskId: fresh[2] ?? '' });
    check();
    cluster.accept({ type: 'UpdateContainerInstancesState', instanceIds: ['host2'], status: 'DRAINING' });
    check();
    cluster.accept({ type: 'StopTask', taskId: fresh[1] ?? '' });
    check();

    function check(): void {
      const draining = drainingTasks(cluster.state).get('web');
      for (const at of [0, cluster.at, cluster.at + 5_000]) {
        const counted = noStandings();
        for (const taskId of service.state.taskIds) {
          const standing = standingOf(service.state, cluster.task(taskId), at, draining);
          if (standing !== null) counted[standing] += 1;
        }
        expect(countStandings(cluster.state, service.state, at, draining)).toEqual(counted);
      }
    }
  });
});
