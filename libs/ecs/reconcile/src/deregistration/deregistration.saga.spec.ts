import { beforeEach, describe, expect, test } from '@jest/globals';
import { arns } from '#libs/ecs/messages';
import type { ClusterCommand, ClusterEvent, TaskDefinition, TasksAnswer } from '#libs/ecs/messages';
import { clusterDecider } from '#libs/ecs/deciders';
import { decideWhole, idSource, jsonBytes, nextDeadlineOf } from '#libs/kernel';
import { schedulerSaga } from '../scheduler/scheduler.saga.ts';
import { deregistrationSaga } from './deregistration.saga.ts';

const LOCALE = { region: 'us-east-1', account: '123456789012' };
const DECISION_BYTES_MAX = 1_000_000;

const taskDefinition: TaskDefinition = {
  taskDefinitionArn: arns.taskDefinition(LOCALE, 'tiny', 1),
  family: 'tiny',
  revision: 1,
  networkMode: 'none',
  placementConstraints: [],
  containerDefinitions: [
    { name: 'app', image: 'tiny', cpu: 0, memory: 1, essential: true, portMappings: [], environment: [] },
  ],
};

class Cluster {
  readonly decider = clusterDecider({ sagas: [deregistrationSaga, schedulerSaga] });
  readonly state = this.decider.initialState(`ecs.${LOCALE.account}.c`);
  #commands = 0;

  constructor() {
    this.submit({ type: 'CreateCluster', clusterName: 'c', clusterArn: arns.cluster(LOCALE, 'c') });
    this.register();
  }

  submit(command: ClusterCommand, source: 'aws' | 'clock' = 'aws') {
    const commandId = `command-${(this.#commands += 1)}`;
    const envelope = { commandId, command, principal: 'p', source, correlationId: commandId, causationId: null, at: 1 };
    return decideWhole(this.decider, this.state, envelope, 1);
  }

  register() {
    return this.submit({
      type: 'RegisterContainerInstance',
      instanceId: 'host',
      sessionId: 's',
      resources: { cpu: 4096, memory: 100_000, reservedTcpPorts: [], reservedUdpPorts: [] },
      attributes: [],
      versionInfo: { agentVersion: '1', dockerVersion: '1' },
      hostname: 'host',
    });
  }

  run(tasks: number): string[] {
    const taskIds: string[] = [];
    while (taskIds.length < tasks) {
      const whole = this.submit({ type: 'RunTask', resolved: { taskDefinition, tags: [] }, count: 10 });
      if (whole.kind === 'rejected') throw new Error(whole.rejection.message);
      taskIds.push(...(whole.answer as TasksAnswer).taskIds);
    }
    return taskIds;
  }

  /** Everything that a forced deregistration records; each decision must fit into the log. */
  deregister(): ClusterEvent[] {
    const events: ClusterEvent[] = [];
    const whole = this.submit({ type: 'DeregisterContainerInstance', instanceId: 'host', force: true });
    if (whole.kind === 'rejected') throw new Error(whole.rejection.message);
    expect(jsonBytes(whole.recorded?.decision)).toBeLessThan(DECISION_BYTES_MAX);
    events.push(...whole.events);
    return events;
  }
}

let cluster: Cluster;
beforeEach(() => {
  cluster = new Cluster();
});

describe('a forced deregistration', () => {
  test('with thousands of tasks ends them all, in steps', () => {
    const taskIds = cluster.run(3_500);
    const events = cluster.deregister();
    expect(events[0]).toMatchObject({ type: 'ContainerInstanceStatusChanged', status: 'DEREGISTERING' });
    const ended = events.flatMap((event) => (event.type === 'TaskStopped' ? [event.taskId] : []));
    expect(ended.sort()).toEqual(taskIds.sort());
    expect(events.at(-1)).toMatchObject({ type: 'ContainerInstanceDeregistered', containerInstanceId: 'host' });
    expect(nextDeadlineOf(cluster.decider, cluster.state)).toBeGreaterThan(0);
  });

  test('with long reasons of tasks that are being stopped fits into the log too', () => {
    for (const taskId of cluster.run(600)) {
      cluster.submit({ type: 'StopTask', taskId, reason: '\u0001'.repeat(1_024) });
    }
    const whole = cluster.submit({ type: 'DeregisterContainerInstance', instanceId: 'host', force: true });
    if (whole.kind === 'rejected') throw new Error(whole.rejection.message);
    expect(jsonBytes(whole.recorded?.decision)).toBeLessThan(DECISION_BYTES_MAX);
    expect(whole.rest).not.toBeNull();
    // A writer that ends here is followed by one that finishes: time asks at once.
    expect(nextDeadlineOf(cluster.decider, cluster.state)).toBe(0);
    // Also while the same moment makes tasks forgotten.
    const forgotten = { type: 'TasksForgotten', v: 1, taskIds: ['t'] } as const;
    const context = { at: 1, commandId: 'c', principal: 'p', ids: idSource('c') };
    expect(deregistrationSaga.react(cluster.state, [forgotten], context)).toHaveLength(1);
    expect(cluster.register()).toMatchObject({ kind: 'rejected', rejection: { code: 'InstanceInactive' } });
    for (let i = 0; i < 20 && cluster.state.instances.size > 0; i++) cluster.submit({ type: 'ElapseTime' }, 'clock');
    expect(cluster.state.inactiveInstanceIds).toEqual(new Set(['host']));
    expect([...cluster.state.tasks.values()].every(({ lastStatus }) => lastStatus === 'STOPPED')).toBe(true);
  });

  test('with few tasks takes one step, as ever', () => {
    cluster.run(10);
    const events = cluster.deregister();
    expect(events.map(({ type }) => type)).toEqual([
      ...Array.from({ length: 10 }, () => 'TaskStopped'),
      'ContainerInstanceDeregistered',
    ]);
  });
});
