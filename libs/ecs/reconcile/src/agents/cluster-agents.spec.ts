import { beforeEach, describe, expect, test } from '@jest/globals';
import { clusterDecider } from '#libs/ecs/deciders';
import type { ClusterState } from '#libs/ecs/deciders';
import { arns } from '#libs/ecs/messages';
import type { ClusterCommand, ClusterEffect, TaskDefinition } from '#libs/ecs/messages';
import { decideWhole } from '#libs/kernel';
import type { AgentPlan } from '#libs/kernel';
import { schedulerSaga } from '../scheduler/scheduler.saga.ts';
import { clusterAgents } from './cluster-agents.ts';

const LOCALE = { region: 'us-east-1', account: '123456789012' };
const FROM = { group: 'blue', host: 'i1' };
const SESSION = {
  sessionId: 'session-1',
  resources: { cpu: 1024, memory: 1024, reservedTcpPorts: [], reservedUdpPorts: [] },
  attributes: [],
  versionInfo: { agentVersion: '1', dockerVersion: '1' },
  hostname: 'host',
  wanted: { version: 0, tasks: 0, progress: 0 },
};
const DEFINITION: TaskDefinition = {
  taskDefinitionArn: arns.taskDefinition(LOCALE, 'web', 1),
  family: 'web',
  revision: 1,
  networkMode: 'none',
  placementConstraints: [],
  containerDefinitions: [
    { name: 'app', image: 'web', cpu: 0, memory: 1, essential: true, portMappings: [], environment: [] },
  ],
};

/** The writer's side, without a log. */
class Cluster {
  readonly protocol = clusterAgents(LOCALE, 600);
  readonly #decider = clusterDecider({ sagas: [schedulerSaga] });
  readonly state: ClusterState = this.#decider.initialState(`ecs.${LOCALE.account}.blue`);
  #commands = 0;

  submit(command: ClusterCommand): readonly ClusterEffect[] {
    const commandId = `command-${(this.#commands += 1)}`;
    const facts = { principal: 'p', source: 'aws', correlationId: commandId, causationId: null, at: 1 } as const;
    const whole = decideWhole(this.#decider, this.state, { commandId, command, ...facts }, 1);
    if (whole.kind === 'rejected') throw new Error(whole.rejection.message);
    return whole.effects;
  }

  plan(kind: string, payload: unknown): AgentPlan<ClusterState, ClusterCommand> {
    const request = this.protocol.requests.get(kind);
    if (request === undefined) throw new Error(`no request ${kind}`);
    return request.plan(payload, FROM);
  }

  answer(kind: string, payload: unknown): object {
    const plan = this.plan(kind, payload);
    if (plan.kind === 'read') return plan.read(this.state, 3);
    if (plan.kind === 'refused') return plan.answer;
    this.submit(plan.command);
    return plan.answer({ kind: 'accepted', revision: 1, answer: null }, 3);
  }

  run(count: number): readonly ClusterEffect[] {
    return this.submit({ type: 'RunTask', resolved: { taskDefinition: DEFINITION, tags: [] }, count });
  }
}

let cluster: Cluster;
beforeEach(() => {
  cluster = new Cluster();
  cluster.submit({ type: 'CreateCluster', clusterName: 'blue', clusterArn: arns.cluster(LOCALE, 'blue') });
});

describe('a group of agents', () => {
  test('is a cluster', () => {
    const { protocol } = cluster;
    expect(protocol.shardOf('blue')).toBe('ecs.123456789012.blue');
    expect(protocol.groupOf('ecs.123456789012.blue')).toBe('blue');
    expect(protocol.groupOf('ecs.123456789012')).toBeNull();
    expect(protocol.groupOf('iam.123456789012')).toBeNull();
  });
});

describe('requests', () => {
  test('a session registers the container instance', () => {
    expect(cluster.plan('session', SESSION)).toMatchObject({ kind: 'command', opens: 'session-1' });
    expect(cluster.answer('session', SESSION)).toEqual({
      containerInstanceArn: 'arn:aws:ecs:us-east-1:123456789012:container-instance/blue/i1',
      term: 3,
      heartbeatIntervalSeconds: 2,
    });
    expect(cluster.protocol.connected(cluster.state)).toEqual([{ host: 'i1', sessionId: 'session-1' }]);
  });

  test('a wanted set is read in pages, definitions by name, and only those of its own tasks', () => {
    cluster.answer('session', SESSION);
    cluster.run(3);
    const first = cluster.answer('wanted', { after: null }) as { tasks: object[]; next: string | null };
    expect(first).toMatchObject({ version: 3, tasks: [{ desiredStatus: 'RUNNING' }], next: expect.any(String) });
    const second = cluster.answer('wanted', { after: first.next });
    expect(second).toMatchObject({ version: 3, tasks: [{ lastStatus: 'PENDING' }] });
    const taskDefinitionArns = [DEFINITION.taskDefinitionArn, arns.taskDefinition(LOCALE, 'secret', 1)];
    expect(cluster.answer('definitions', { taskDefinitionArns })).toEqual({
      term: 3,
      taskDefinitions: { [DEFINITION.taskDefinitionArn]: DEFINITION },
      unknown: [taskDefinitionArns[1]],
    });
  });

  test('a report is a command, and its refusal has the code of the rejection', () => {
    const taskId = '0'.repeat(32);
    const reports = [{ taskId, knownStatus: 'RUNNING', containers: [] }];
    const plan = cluster.plan('report', { sessionId: 'session-1', reports });
    if (plan.kind !== 'command') throw new Error(plan.kind);
    expect(plan.command).toEqual({ type: 'ReportTaskStates', instanceId: 'i1', sessionId: 'session-1', reports });
    expect(plan.answer({ kind: 'accepted', revision: 1, answer: null }, 3)).toEqual({ accepted: true, term: 3 });
    const rejection = { code: 'SessionFenced', message: 'no' };
    expect(plan.answer({ kind: 'rejected', revision: 1, rejection }, 3)).toEqual({ error: rejection });
    expect(plan.answer({ kind: 'unavailable', reason: 'moved' }, 3)).toEqual({
      error: { code: 'ServerException', message: 'moved' },
    });
  });

  test('an agent that is about to end has its instance drained, and no other session may', () => {
    cluster.answer('session', SESSION);
    expect(cluster.answer('drain', { sessionId: 'session-1' })).toEqual({ accepted: true, term: 3 });
    expect(cluster.state.instances.get('i1')).toMatchObject({ status: 'DRAINING', statusCause: 'AGENT' });
    expect(() => cluster.answer('drain', { sessionId: 'session-2' })).toThrow('is not the current one');
  });

  test.each(['session', 'wanted', 'definitions', 'report', 'drain'])(
    '%s: what does not fit is refused before anything else',
    (kind) => {
      expect(cluster.plan(kind, { what: 1 })).toEqual({
        kind: 'refused',
        answer: { error: { code: 'InvalidParameterException', message: expect.stringMatching(/^\/\w+ is missing$/) } },
      });
    },
  );
});

describe('directives', () => {
  test('carry the session and go in several messages where one would be too large', () => {
    cluster.answer('session', SESSION);
    const directives = cluster.protocol.directives(cluster.run(2), 3);
    expect(directives).toMatchObject([
      { host: 'i1', message: { term: 3, sessionId: 'session-1', fromVersion: 0, toVersion: 1 } },
      { host: 'i1', message: { term: 3, sessionId: 'session-1', fromVersion: 1, toVersion: 2 } },
    ]);
  });

  test.each([
    ['an agent that is up to date', { sessionId: 'session-1', version: 1 }, 'alive', null],
    [
      'one that is behind',
      { sessionId: 'session-1', version: 0 },
      'behind',
      { sessionId: 'session-1', fromVersion: 1, toVersion: 1, tasks: [] },
    ],
    [
      'one whose session another has taken',
      { sessionId: 'session-0', version: 1 },
      'fenced',
      { sessionId: 'session-0', fenced: true },
    ],
  ])('answer the heartbeat of %s', (_what, heartbeat, verdict, directive) => {
    cluster.answer('session', SESSION);
    cluster.run(1);
    expect(cluster.protocol.heartbeat(heartbeat)).toEqual(heartbeat);
    expect(cluster.protocol.heard(cluster.state, 'i1', heartbeat, 3)).toEqual({
      verdict,
      directive: directive === null ? null : { term: 3, ...directive },
    });
  });

  test('call back an agent whose session the log calls over', () => {
    cluster.answer('session', SESSION);
    cluster.submit(cluster.protocol.silent({ host: 'i1', sessionId: 'session-1' }));
    expect(cluster.protocol.connected(cluster.state)).toEqual([]);
    const heard = cluster.protocol.heard(cluster.state, 'i1', { sessionId: 'session-1', version: 0 }, 3);
    expect(heard).toMatchObject({ verdict: 'lost', directive: { sessionId: 'session-1', tasks: [] } });
  });
});
