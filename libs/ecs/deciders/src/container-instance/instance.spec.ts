import { describe, expect, test } from '@jest/globals';
import type { ClusterCommand, TargetedAttribute } from '#libs/ecs/messages';
import { schedulerSaga } from '#libs/ecs/reconcile';
import { ClusterUnderTest, registration, RESOURCES } from '../../spec/cluster-builder.ts';

const given = {
  cluster: () => new ClusterUnderTest([schedulerSaga]).createCluster(),
  host: () => given.cluster().register('host'),
  disconnected: () => {
    const cluster = given.host();
    cluster.accept({ type: 'ReportInstanceDisconnected', instanceId: 'host', sessionId: 'host-1' });
    return cluster;
  },
  deregistered: () => {
    const cluster = given.host();
    cluster.accept({ type: 'DeregisterContainerInstance', instanceId: 'host', force: false });
    return cluster;
  },
};

const INACTIVE = { rejection: { code: 'InstanceInactive', message: 'Container instance host is INACTIVE.' } };
const UNKNOWN = { rejection: { code: 'InvalidParameter', message: 'Referenced container instance x not found.' } };

describe('RegisterContainerInstance', () => {
  test('the first time: ACTIVE, connected, ready for tasks', () => {
    const cluster = given.cluster();
    expect(cluster.submit(registration('host'))).toMatchObject({
      events: [{ type: 'ContainerInstanceRegistered', containerInstanceId: 'host', sessionId: 'host-1', tags: [] }],
    });
    expect(cluster.instance('host')).toMatchObject({ status: 'ACTIVE', connected: true, wantedVersion: 0 });
    expect(cluster.run().failures).toEqual([]);
  });

  test('the same session again, connected: nothing to do', () => {
    expect(given.host().submit(registration('host'))).toMatchObject({ events: [] });
  });

  test('a new session: connected, and only what changed is said', () => {
    const cluster = given.host();
    expect(cluster.submit(registration('host', { sessionId: 'host-2' }))).toEqual({
      events: [
        {
          type: 'ContainerInstanceConnected',
          v: 1,
          containerInstanceId: 'host',
          sessionId: 'host-2',
          versionInfo: registration('host').versionInfo,
        },
      ],
      effects: [],
      answer: null,
    });
    expect(cluster.instance('host').sessionId).toBe('host-2');
  });

  test('a session that was thought lost comes back', () => {
    const cluster = given.disconnected();
    expect(cluster.accept(registration('host'))).toMatchObject([{ type: 'ContainerInstanceConnected' }]);
    expect(cluster.run().failures).toEqual([]);
  });

  test('a host may grow', () => {
    const cluster = given.host();
    const resources = { ...RESOURCES, memory: 8192 };
    expect(cluster.accept(registration('host', { sessionId: 'host-2', resources }))).toMatchObject([{ resources }]);
    expect(cluster.state.placement.remaining('host')?.memory).toBe(8192);
  });

  test.each([
    ['less CPU', { ...RESOURCES, cpu: 1024 }],
    ['less memory', { ...RESOURCES, memory: 1024 }],
    ['another reserved port', { ...RESOURCES, reservedTcpPorts: [22, 80] }],
  ])('a host may not shrink: %s', (_name, resources) => {
    const outcome = given.host().submit(registration('host', { sessionId: 'host-2', resources }));
    expect(outcome).toMatchObject({
      rejection: {
        code: 'ClientError',
        message: expect.stringMatching(/^Container instance type changes are not supp/),
      },
    });
  });

  test('automatic attributes are those of the latest session, custom ones stay', () => {
    const cluster = given.host();
    cluster.accept({ type: 'PutAttributes', attributes: [{ instanceId: 'host', name: 'stack', value: 'a' }] });
    cluster.accept(registration('host', { sessionId: 'host-2', attributes: [{ name: 'ecs.capability.task-eni' }] }));
    expect(cluster.instance('host').attributes).toEqual([
      { name: 'stack', value: 'a' },
      { name: 'ecs.capability.task-eni' },
    ]);
  });

  test.each<[string, ClusterUnderTest, ClusterCommand, unknown]>([
    ['in an unknown cluster', new ClusterUnderTest(), registration('host'), { code: 'ClusterNotFound' }],
    [
      'with half a core',
      given.cluster(),
      registration('host', { resources: { ...RESOURCES, cpu: 0.5 } }),
      { code: 'InvalidParameter' },
    ],
    [
      'with a port that is none',
      given.cluster(),
      registration('host', { resources: { ...RESOURCES, reservedTcpPorts: [0] } }),
      { code: 'InvalidParameter' },
    ],
    [
      'with a bad attribute',
      given.cluster(),
      registration('host', { attributes: [{ name: 'a b' }] }),
      { code: 'InvalidParameter' },
    ],
    [
      'with too many custom attributes',
      given.cluster(),
      registration('host', { attributes: Array.from({ length: 11 }, (_, i) => ({ name: `a${i}` })) }),
      { code: 'AttributeLimitExceeded' },
    ],
  ])('is refused %s', (_name, cluster, command, rejection) => {
    expect(cluster.submit(command)).toMatchObject({ rejection });
  });

  test('is refused in a deleted cluster', () => {
    const cluster = given.cluster();
    cluster.accept({ type: 'DeleteCluster' });
    expect(cluster.submit(registration('host'))).toEqual({
      rejection: { code: 'ClientError', message: 'The referenced cluster was inactive.' },
    });
  });

  test('is refused when the agent has read another wanted set than the present one', () => {
    const cluster = given.host();
    const wanted = { version: 0, tasks: 0, progress: 0 };
    cluster.runOne();
    const outcome = cluster.submit(registration('host', { sessionId: 'host-2', wanted }));
    expect(outcome).toMatchObject({ rejection: { code: 'WantedSetChanged' } });
    expect(cluster.instance('host').sessionId).toBe('host-1');
    const present = { version: 1, tasks: 1, progress: 1 };
    expect(cluster.submit(registration('host', { sessionId: 'host-2', wanted: present }))).toMatchObject({
      events: [{ type: 'ContainerInstanceConnected' }],
    });
  });

  test('is refused for ever after a deregistration (S14)', () => {
    expect(given.deregistered().submit(registration('host', { sessionId: 'host-9' }))).toEqual(INACTIVE);
  });
});

describe('ReportInstanceDisconnected', () => {
  test('ends the current session: no new tasks, the old ones stay', () => {
    const cluster = given.host();
    const task = cluster.runOne();
    expect(cluster.accept({ type: 'ReportInstanceDisconnected', instanceId: 'host', sessionId: 'host-1' })).toEqual([
      { type: 'ContainerInstanceDisconnected', v: 1, containerInstanceId: 'host', sessionId: 'host-1' },
    ]);
    expect(cluster.run()).toEqual({ taskIds: [], failures: [{ instanceId: 'host', reason: 'AGENT' }] });
    expect(cluster.task(task.taskId).desiredStatus).toBe('RUNNING');
  });

  test.each([
    ['an earlier session', given.host(), 'host', 'host-0'],
    ['a session that is over', given.disconnected(), 'host', 'host-1'],
    ['an unknown instance', given.host(), 'x', 'host-1'],
  ])('has nothing to do for %s', (_name, cluster, instanceId, sessionId) => {
    expect(cluster.accept({ type: 'ReportInstanceDisconnected', instanceId, sessionId })).toEqual([]);
  });
});

describe('DeregisterContainerInstance', () => {
  test('without tasks', () => {
    const cluster = given.host();
    expect(cluster.accept({ type: 'DeregisterContainerInstance', instanceId: 'host', force: false })).toEqual([
      { type: 'ContainerInstanceDeregistered', v: 1, containerInstanceId: 'host', expiresAt: cluster.at + 3_600_000 },
    ]);
    expect(cluster.state.instances.size).toBe(0);
  });

  test('with tasks only by force', () => {
    const outcome = (force: boolean): unknown => {
      const cluster = given.host();
      cluster.runOne();
      return cluster.submit({ type: 'DeregisterContainerInstance', instanceId: 'host', force });
    };
    expect(outcome(false)).toEqual({
      rejection: { code: 'InvalidParameter', message: 'Found running tasks on the instance.' },
    });
    expect(outcome(true)).toMatchObject({
      events: [
        {
          type: 'TaskStopped',
          stopCode: 'UserInitiated',
          stoppedReason: 'Container instance deregistration forced by user',
        },
        { type: 'ContainerInstanceDeregistered' },
      ],
      effects: [{ instanceId: 'host', version: 2, task: { desiredStatus: 'STOPPED', lastStatus: 'STOPPED' } }],
    });
  });

  test('a task that was told to stop before ends for that reason', () => {
    const cluster = given.host();
    const { taskId } = cluster.runOne();
    cluster.accept({ type: 'StopTask', taskId, reason: 'enough' });
    cluster.accept({ type: 'DeregisterContainerInstance', instanceId: 'host', force: true });
    expect(cluster.task(taskId)).toMatchObject({ lastStatus: 'STOPPED', stoppedReason: 'enough' });
  });

  test('not what is unknown or gone', () => {
    const command: ClusterCommand = { type: 'DeregisterContainerInstance', instanceId: 'x', force: true };
    expect(given.host().submit(command)).toEqual(UNKNOWN);
    expect(given.deregistered().submit({ ...command, instanceId: 'host' })).toMatchObject({
      rejection: { message: 'Referenced container instance host not found.' },
    });
  });
});

describe('UpdateContainerInstancesState', () => {
  test('DRAINING takes no new tasks and keeps the old ones; ACTIVE takes them again', () => {
    const cluster = given.host();
    const { taskId } = cluster.runOne();
    const set = (status: 'ACTIVE' | 'DRAINING'): ClusterCommand => ({
      type: 'UpdateContainerInstancesState',
      instanceIds: ['host', 'host', 'x'],
      status,
    });
    expect(cluster.accept(set('DRAINING'))).toEqual([
      { type: 'ContainerInstanceStatusChanged', v: 1, containerInstanceId: 'host', status: 'DRAINING' },
    ]);
    expect(cluster.accept(set('DRAINING'))).toEqual([]);
    expect(cluster.run().taskIds).toEqual([]);
    expect(cluster.task(taskId).desiredStatus).toBe('RUNNING');
    expect(cluster.accept(set('ACTIVE'))).toHaveLength(1);
    expect(cluster.run().taskIds).toHaveLength(1);
  });

  test('what is not there is a failure of the answer', () => {
    const cluster = given.deregistered().register('other');
    const instanceIds = ['x', 'host', 'other'];
    expect(cluster.submit({ type: 'UpdateContainerInstancesState', instanceIds, status: 'ACTIVE' })).toMatchObject({
      answer: {
        instanceIds: ['other'],
        failures: [
          { instanceId: 'x', reason: 'MISSING' },
          { instanceId: 'host', reason: 'INACTIVE' },
        ],
      },
    });
  });

  test.each<[readonly string[], string, string]>([
    [[], 'ACTIVE', 'Container Instances cannot be empty.'],
    [Array.from({ length: 11 }, (_, i) => `h${i}`), 'ACTIVE', 'Container instances can have at most 10 items.'],
    [['host'], 'INACTIVE', 'Container instance status should be one of [ACTIVE,DRAINING]'],
  ])('refuses %j %s', (instanceIds, status, message) => {
    const command = { type: 'UpdateContainerInstancesState', instanceIds, status } as ClusterCommand;
    expect(given.host().submit(command)).toEqual({ rejection: { code: 'InvalidParameter', message } });
  });
});

describe('DrainContainerInstance', () => {
  const drain = (sessionId = 'host-1'): ClusterCommand => ({
    type: 'DrainContainerInstance',
    instanceId: 'host',
    sessionId,
  });
  const set = (status: 'ACTIVE' | 'DRAINING'): ClusterCommand => ({
    type: 'UpdateContainerInstancesState',
    instanceIds: ['host'],
    status,
  });
  const changed = (status: string): object => ({
    type: 'ContainerInstanceStatusChanged',
    v: 1,
    containerInstanceId: 'host',
    status,
    cause: 'AGENT',
  });
  const drained = (): ClusterUnderTest => {
    const cluster = given.host();
    cluster.accept(drain());
    return cluster;
  };

  test('DRAINING on the word of the agent, once, and nothing new is placed', () => {
    const cluster = given.host();
    expect(cluster.accept(drain())).toEqual([changed('DRAINING')]);
    expect(cluster.accept(drain())).toEqual([]);
    expect(cluster.run().taskIds).toEqual([]);
  });

  test('the next session lifts it, the same one does not', () => {
    const cluster = drained();
    cluster.accept({ type: 'ReportInstanceDisconnected', instanceId: 'host', sessionId: 'host-1' });
    expect(cluster.accept(registration('host'))).toHaveLength(1);
    expect(cluster.instance('host').status).toBe('DRAINING');
    const events = cluster.accept(registration('host', { sessionId: 'host-2' }));
    expect(events).toEqual([expect.objectContaining({ type: 'ContainerInstanceConnected' }), changed('ACTIVE')]);
    expect(cluster.run().taskIds).toHaveLength(1);
    expect(cluster.accept(set('ACTIVE'))).toEqual([]);
  });

  test('a drain that a person asked for, before or after the agent, stays', () => {
    const before = given.host();
    before.accept(set('DRAINING'));
    expect(before.accept(drain())).toEqual([]);
    const after = drained();
    expect(after.accept(set('DRAINING'))).toHaveLength(1);
    for (const cluster of [before, after]) {
      cluster.accept(registration('host', { sessionId: 'host-2' }));
      expect(cluster.instance('host').status).toBe('DRAINING');
    }
  });

  test('a person may put it back to work meanwhile', () => {
    const cluster = drained();
    expect(cluster.accept(set('ACTIVE'))).toHaveLength(1);
    expect(cluster.run().taskIds).toHaveLength(1);
  });

  test('is refused from another session, and of a deregistered instance', () => {
    expect(given.host().submit(drain('host-2'))).toMatchObject({ rejection: { code: 'SessionFenced' } });
    expect(given.deregistered().submit(drain())).toEqual(INACTIVE);
  });
});

describe('attributes', () => {
  const put = (...attributes: TargetedAttribute[]): ClusterCommand => ({
    type: 'PutAttributes',
    attributes: attributes.map((attribute) => ({ instanceId: 'host', ...attribute })),
  });
  const remove = (...attributes: TargetedAttribute[]): ClusterCommand => ({
    type: 'DeleteAttributes',
    attributes: attributes.map((attribute) => ({ instanceId: 'host', ...attribute })),
  });

  test('are put, overwritten and found by placement', () => {
    const cluster = given.host();
    expect(cluster.accept(put({ name: 'stack', value: 'a' }))).toEqual([
      { type: 'AttributesPut', v: 1, containerInstanceId: 'host', attributes: [{ name: 'stack', value: 'a' }] },
    ]);
    expect(cluster.accept(put({ name: 'stack', value: 'a' }))).toEqual([]);
    expect(cluster.accept(put({ name: 'CORP\\rack/1', value: 'C:\\a' }))).toHaveLength(1);
    const onB = [{ type: 'memberOf', expression: 'attribute:stack == b' } as const];
    expect(cluster.run({ placementConstraints: onB }).failures).toEqual([
      { instanceId: 'host', reason: 'MemberOf placement constraint unsatisfied', detail: 'attribute:stack == b' },
    ]);
    cluster.accept(put({ name: 'stack', value: 'b' }));
    expect(cluster.run({ placementConstraints: onB }).failures).toEqual([]);
  });

  test('are deleted by name, and by value where one is given', () => {
    const cluster = given.host();
    cluster.accept(put({ name: 'a', value: '1' }, { name: 'b' }));
    expect(cluster.accept(remove({ name: 'a', value: '2' }, { name: 'x' }))).toEqual([]);
    expect(cluster.accept(remove({ name: 'a', value: '1' }, { name: 'b' }))).toEqual([
      { type: 'AttributesDeleted', v: 1, containerInstanceId: 'host', names: ['a', 'b'] },
    ]);
    expect(cluster.instance('host').attributes).toEqual([{ name: 'ecs.os-type', value: 'linux' }]);
  });

  test.each<[string, ClusterCommand, string]>([
    ['none', put(), 'InvalidParameter'],
    ['eleven', put(...Array.from({ length: 11 }, (_, i) => ({ name: `a${i}` }))), 'InvalidParameter'],
    ['an unknown target', put({ name: 'a', instanceId: 'x' }), 'TargetNotFound'],
    ['an unknown target', remove({ name: 'a', instanceId: 'x' }), 'TargetNotFound'],
    ['an automatic one', put({ name: 'ecs.os-type', value: 'moon' }), 'InvalidParameter'],
    ['an automatic one', remove({ name: 'ecs.os-type' }), 'InvalidParameter'],
    ['a bad value', put({ name: 'a', value: ' x' }), 'InvalidParameter'],
    ['no target', { type: 'PutAttributes', attributes: [{ name: 'a' }] }, 'InvalidParameter'],
    ['another kind of target', put({ name: 'a', targetType: 'service' }), 'InvalidParameter'],
  ])('are refused: %s', (_name, command, code) => {
    expect(given.host().submit(command)).toMatchObject({ rejection: { code } });
  });

  test('at most ten custom ones an instance', () => {
    const cluster = given.host();
    cluster.accept(put(...Array.from({ length: 10 }, (_, i) => ({ name: `a${i}` }))));
    expect(cluster.submit(put({ name: 'one-more' }))).toMatchObject({ rejection: { code: 'AttributeLimitExceeded' } });
    expect(cluster.accept(put({ name: 'a0', value: 'other' }))).toHaveLength(1);
  });
});
