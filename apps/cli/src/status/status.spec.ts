import { describe, expect, test } from '@jest/globals';
import { statusText } from './status.command.ts';

const controlPlane = { ready: true, viewsCaughtUp: true, writing: true, haltedViews: [], unlistedHosts: [] };
const cluster = { name: 'default', status: 'ACTIVE', runningTasks: 3, pendingTasks: 0, services: [] };
const host = { status: 'ACTIVE', connected: true, runningTasks: 1 };

describe('the status for people', () => {
  test('lists container instances and, apart from them, hosts of the Fargate pool', () => {
    const text = statusText({
      ready: true,
      endpoint: 'http://127.0.0.1:8420',
      controlPlane,
      clusters: [
        {
          ...cluster,
          containerInstances: [{ ...host, id: 'instance-1' }],
          poolHosts: [{ ...host, id: 'pool-1', connected: false }],
        },
      ],
      log: [],
    });
    expect(text).toMatch(/CONTAINER INSTANCE +STATUS +CONNECTED +RUNNING\ninstance-1 +ACTIVE +yes +1/);
    expect(text).toMatch(/HOST OF THE FARGATE POOL +STATUS +CONNECTED +RUNNING\npool-1 +ACTIVE +no +1/);
  });

  test('says nothing of a pool without hosts', () => {
    const empty = { ...cluster, containerInstances: [], poolHosts: [] };
    const text = statusText({ ready: true, endpoint: null, controlPlane, clusters: [empty], log: [] });
    expect(text).not.toContain('POOL');
  });
});
