import { describe, expect, test } from '@jest/globals';
import { arns } from '#libs/ecs/messages';
import type { ClusterCommand, ClusterEvent, TaskDefinition, TasksAnswer } from '#libs/ecs/messages';
import { clusterDecider } from '#libs/ecs/deciders';
import { decideWhole, idSource } from '#libs/kernel';
import { failuresOf, REFUSAL_DETAILS_CHARACTERS_MAX, REFUSALS_LISTED_MAX } from './placement-failures.ts';
import { schedulerSaga } from './scheduler.saga.ts';

const LOCALE = { region: 'us-east-1', account: '123456789012' };
const ZONES = ['a', 'b', 'c'];

/** A cluster with one host in each zone of 4 cores and 4 GiB. */
class Cluster {
  readonly decider = clusterDecider({ sagas: [schedulerSaga] });
  readonly state = this.decider.initialState('ecs.123456789012.blue');
  #commands = 0;

  constructor(zones: readonly string[] = ZONES) {
    this.submit({ type: 'CreateCluster', clusterName: 'blue', clusterArn: arns.cluster(LOCALE, 'blue') });
    for (const zone of zones) this.register(zone);
  }

  submit(
    command: ClusterCommand,
    commandId = `command-${(this.#commands += 1)}`,
  ): { events: readonly ClusterEvent[]; answer: unknown } {
    const envelope = {
      commandId,
      command,
      principal: 'system:test',
      source: 'aws' as const,
      correlationId: commandId,
      causationId: null,
      at: 1,
    };
    const whole = decideWhole(this.decider, this.state, envelope, 1);
    if (whole.kind === 'rejected') throw new Error(whole.rejection.message);
    return whole;
  }

  register(zone: string): void {
    this.submit({
      type: 'RegisterContainerInstance',
      instanceId: `host-${zone}`,
      sessionId: 's',
      resources: { cpu: 4096, memory: 4096, reservedTcpPorts: [], reservedUdpPorts: [] },
      attributes: [{ name: 'ecs.availability-zone', value: zone }],
      versionInfo: { agentVersion: '1', dockerVersion: '1' },
      hostname: zone,
    });
  }

  run(
    count: number,
    members: Partial<Extract<ClusterCommand, { type: 'RunTask' }>> = {},
    commandId?: string,
  ): TasksAnswer {
    const resolved = { taskDefinition: definition(), tags: [] };
    return this.submit({ type: 'RunTask', resolved, count, ...members }, commandId).answer as TasksAnswer;
  }

  /** Where the tasks of an answer are. */
  hostsOf({ taskIds }: TasksAnswer): readonly (string | null | undefined)[] {
    return taskIds.map((taskId) => this.state.tasks.get(taskId)?.instanceId);
  }
}

function definition(members: Partial<TaskDefinition> = {}): TaskDefinition {
  return {
    taskDefinitionArn: arns.taskDefinition(LOCALE, 'web', 1),
    family: 'web',
    revision: 1,
    containerDefinitions: [
      { name: 'app', image: 'app', cpu: 1024, memory: 512, essential: true, portMappings: [], environment: [] },
    ],
    placementConstraints: [],
    ...members,
  };
}

describe('the scheduler', () => {
  test('spreads over a field', () => {
    const cluster = new Cluster();
    const placementStrategy = [{ type: 'spread', field: 'attribute:ecs.availability-zone' } as const];
    const hosts = cluster.hostsOf(cluster.run(6, { placementStrategy }));
    for (const zone of ZONES) expect(hosts.filter((host) => host === `host-${zone}`)).toHaveLength(2);
  });

  test('binpacks: one host after the other', () => {
    const cluster = new Cluster();
    const hosts = cluster.hostsOf(cluster.run(4, { placementStrategy: [{ type: 'binpack', field: 'cpu' }] }));
    expect(new Set(hosts).size).toBe(1);
  });

  test('draws from the command: the same command places the same tasks on the same hosts', () => {
    const draw = (commandId: string): unknown => {
      const cluster = new Cluster();
      return cluster.hostsOf(cluster.run(8, { placementStrategy: [{ type: 'random' }] }, commandId));
    };
    expect(draw('x')).toEqual(draw('x'));
    const draws = new Set(['a', 'b', 'c', 'd', 'e', 'f'].map((id) => JSON.stringify(draw(id))));
    expect(draws.size).toBeGreaterThan(1);
  });

  test('tells every host that refused', () => {
    const cluster = new Cluster();
    const answer = cluster.run(10, { placementConstraints: [{ type: 'distinctInstance' }] });
    expect(answer.taskIds).toHaveLength(3);
    expect(answer.failures).toEqual(
      ZONES.map((zone) => ({
        instanceId: `host-${zone}`,
        reason: 'DistinctInstance placement constraint unsatisfied',
      })),
    );
  });

  test('serves each request in turn, and each sees what the one before has taken', () => {
    const cluster = new Cluster(['a']);
    const template = {
      taskDefinitionArn: definition().taskDefinitionArn,
      group: 'g',
      launchType: 'EC2',
      placementConstraints: [],
      placementStrategy: [],
      tags: [],
    };
    cluster.decider.evolve(cluster.state, { type: 'TaskDefinitionImported', v: 1, taskDefinition: definition() }, 1);
    const requests: ClusterEvent[] = ['1', '2'].map((n) => ({
      type: 'TasksRequested',
      v: 1,
      taskIds: [`${n}a`, `${n}b`, `${n}c`],
      template: { ...template },
      resources: { cpu: 1024, memory: 512, tcpPorts: [], udpPorts: [] },
    }));
    for (const event of requests) cluster.decider.evolve(cluster.state, event, 1);
    const { events } = settle(cluster, requests);
    expect(events.map(({ type }) => type)).toEqual(['TasksPlaced', 'TasksPlaced', 'TaskPlacementFailed']);
    expect(events.at(-1)).toMatchObject({
      taskIds: ['2b', '2c'],
      failures: [{ containerInstanceId: 'host-a', reason: 'RESOURCE:CPU' }],
    });
    expect(cluster.state.unplacedTasks.size).toBe(0);
  });

  test('StartTask goes where it was asked to, or nowhere', () => {
    const cluster = new Cluster(['a', 'b']);
    const { answer } = cluster.submit({
      type: 'StartTask',
      resolved: { taskDefinition: definition(), tags: [] },
      instanceIds: ['host-b', 'nowhere', 'host-a'],
    });
    expect(cluster.hostsOf(answer as TasksAnswer)).toEqual(['host-b', 'host-a']);
    expect(answer).toMatchObject({ failures: [{ instanceId: 'nowhere', reason: 'MISSING' }] });
  });

  test('has nothing to say when nothing waits', () => {
    const cluster = new Cluster();
    const context = { at: 1, commandId: 'x', principal: '', ids: idSource('x') };
    expect(schedulerSaga.react(cluster.state, [], context)).toEqual([]);
  });
});

describe('placement failures', () => {
  test('an empty cluster', () => {
    expect(failuresOf([], 'EC2')).toEqual([
      { instanceId: null, reason: 'No Container Instances were found in your cluster.' },
    ]);
  });

  test('are told one by one up to a limit, then counted by reason', () => {
    const refusals = Array.from({ length: REFUSALS_LISTED_MAX + 5 }, (_, i) => ({
      hostId: `h${i}`,
      reason: i % 2 === 0 ? 'RESOURCE:CPU' : 'AGENT',
    }));
    const failures = failuresOf(refusals, 'EC2');
    expect(failures).toHaveLength(REFUSALS_LISTED_MAX + 2);
    expect(failures.slice(-2)).toEqual([
      { instanceId: null, reason: 'RESOURCE:CPU', detail: 'and 3 more container instances' },
      { instanceId: null, reason: 'AGENT', detail: 'and 2 more container instances' },
    ]);
  });

  test('keep their details, up to a limit together', () => {
    const detail = 'missing x'.padEnd(REFUSAL_DETAILS_CHARACTERS_MAX / 4, 'x');
    const refusals = Array.from({ length: 6 }, (_, i) => ({ hostId: `h${i}`, reason: 'ATTRIBUTE', detail }));
    const failures = failuresOf(refusals, 'EC2');
    expect(failures.map((failure) => failure.detail)).toEqual([detail, detail, detail, detail, undefined, undefined]);
    expect(failures.map(({ reason }) => reason)).toEqual(Array(6).fill('ATTRIBUTE'));
  });
});

/** What the scheduler makes of facts, until it has nothing more to say. */
function settle(cluster: Cluster, facts: readonly ClusterEvent[]): { events: readonly ClusterEvent[] } {
  const context = { at: 1, commandId: 'x', principal: '', ids: idSource('x') };
  const events: ClusterEvent[] = [];
  let fresh = facts;
  while (fresh.length > 0) {
    const next: ClusterEvent[] = [];
    for (const command of schedulerSaga.react(cluster.state, fresh, context)) {
      const decision = cluster.decider.decide(cluster.state, command, context);
      if (decision.kind === 'rejected') throw new Error(decision.rejection.message);
      for (const event of decision.events) cluster.decider.evolve(cluster.state, event, 1);
      next.push(...decision.events);
    }
    events.push(...next);
    fresh = next;
  }
  return { events };
}
