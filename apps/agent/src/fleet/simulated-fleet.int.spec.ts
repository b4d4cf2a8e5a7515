import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { createLogger } from '#libs/platform';
import { eventually, testNatsServer, type TestNatsServer } from '#libs/testing';
import { ControlPlaneDouble } from '../../spec/control-plane-double.ts';
import { definitionOf, wantedTask } from '../../spec/tasks.ts';
import { SimulatedFleet } from './simulated-fleet.ts';

jest.setTimeout(60_000);

const HOSTS = 50;
const TASKS_PER_HOST = 20;

describe('a simulated fleet over a real nats-server', () => {
  let nats: TestNatsServer;
  let control: ControlPlaneDouble;
  let fleet: SimulatedFleet;
  beforeAll(async () => {
    nats = await testNatsServer();
    control = await ControlPlaneDouble.on(nats);
    fleet = new SimulatedFleet({
      nc: await nats.connect('agents'),
      cluster: 'default',
      hosts: HOSTS,
      seed: 'spec',
      cpu: 4096,
      memory: 8192,
      availabilityZones: ['a', 'b', 'c'],
      startsInFlightMax: 64,
      failures: { start: 0.1 },
      agentVersion: '0.0.0',
      log: createLogger('fleet', 'silent'),
    });
  });
  afterAll(async () => {
    fleet.stop();
    await nats.stop();
  });

  test('joins, runs, fails some, stops, in batches, and comes back after the broker was away', async () => {
    await fleet.allJoined;
    const instanceIds = [...new Set(control.sessions.map(({ instanceId }) => instanceId))];
    expect(instanceIds).toHaveLength(HOSTS);
    expect(new Set(control.sessions.map(({ request }) => request.attributes[0]?.value))).toEqual(
      new Set(['a', 'b', 'c']),
    );

    const definition = definitionOf('app:1', { portMappings: [{ containerPort: 80 }] });
    const tasks = instanceIds.map((instanceId) => ({
      instanceId,
      tasks: Array.from({ length: TASKS_PER_HOST }, () => wantedTask(definition)),
    }));
    for (const { instanceId, tasks: own } of tasks) control.placeAll(instanceId, own, definition);
    const ids = tasks.flatMap(({ tasks: own }) => own.map(({ taskId }) => taskId));
    const all = (): Promise<readonly string[]> =>
      Promise.resolve(ids.map((taskId) => control.reports.get(taskId)?.knownStatus ?? 'NONE'));
    const settled = await eventually(all, (statuses) =>
      statuses.every((status) => status === 'RUNNING' || status === 'STOPPED'),
    );
    const failed = settled.filter((status) => status === 'STOPPED').length;
    expect(failed).toBeGreaterThan(0);
    expect(failed).toBeLessThan(ids.length / 4);
    // One request for all tasks of a host, not one for each.
    expect(control.reportRequests).toBeLessThan(HOSTS * 4);

    const { pid } = nats.server;
    if (pid === null) throw new Error('no nats-server');
    const sessions = control.sessions.length;
    process.kill(pid, 'SIGKILL');
    await eventually(
      () => Promise.resolve(control.sessions.length),
      (count) => count >= sessions + HOSTS,
    );
    await control.reconnected();
    for (const { instanceId, tasks: own } of tasks) for (const { taskId } of own) control.stop(instanceId, taskId);
    await eventually(all, (statuses) => statuses.every((status) => status === 'STOPPED'));
  });
});
